namespace Salvor.Compare.Streaming;

/// <summary>One round of puts.</summary>
/// <param name="Latency">From a put's sending to etcd's answer.</param>
/// <param name="Late">How far the writer was behind its schedule.</param>
/// <param name="Backups">Snapshots that were begun meanwhile.</param>
public sealed record PutRound(Percentiles Latency, Percentiles Late, int Backups);
