namespace Salvor.Readiness.Protect.Policies;

/// <summary>A key of the request that must have a value.</summary>
internal sealed record IamCondition(string Key, string Value);
