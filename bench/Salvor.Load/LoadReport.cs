namespace Salvor.Load;

/// <summary>What was written.</summary>
public sealed record LoadReport(
    int Puts, int Deletions, int Leases, long ValueBytes, long DatabaseBytes, TimeSpan Elapsed);
