namespace Salvor.Compare.Snapshots;

/// <summary>One snapshot that a tool took.</summary>
/// <param name="Run">What taking it cost.</param>
/// <param name="StoredBytes">How much larger the repository became.</param>
/// <param name="ChangedPageBytes">What differed of the database, in whole pages; 0 where the tool does not say.</param>
public sealed record StoredSnapshot(Sample Run, long StoredBytes, long ChangedPageBytes);
