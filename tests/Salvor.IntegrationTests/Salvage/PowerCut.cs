namespace Salvor.IntegrationTests.Salvage;

/// <summary>A log as a power cut may leave it.</summary>
/// <param name="Name">Says what was done, for a failed test's message.</param>
/// <param name="Kind">What that does to the log's end.</param>
/// <param name="Wal">The last segment's bytes.</param>
/// <param name="IsPreallocated">Whether zeros follow up to a segment's usual size.</param>
public sealed record PowerCut(string Name, CutKind Kind, byte[] Wal, bool IsPreallocated);
