namespace Salvor.IntegrationTests.Protect;

/// <summary>Nothing after it runs: no rollback either, since nobody catches it.</summary>
internal sealed class PowerCutException : Exception;
