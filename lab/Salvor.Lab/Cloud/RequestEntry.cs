namespace Salvor.Lab.Cloud;

/// <summary>A request that the endpoint answered.</summary>
/// <param name="Time">When.</param>
/// <param name="Action">Such as RunInstances; empty when it was refused before its body was read.</param>
/// <param name="IsMutating">Whether it could change something.</param>
/// <param name="Outcome">OK, or the error's code.</param>
public sealed record RequestEntry(DateTimeOffset Time, string Action, bool IsMutating, string Outcome);
