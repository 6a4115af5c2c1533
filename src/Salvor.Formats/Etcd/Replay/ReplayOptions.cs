namespace Salvor.Formats.Etcd.Replay;

/// <summary>What a log does not say about the server that applied it.</summary>
public sealed record ReplayOptions
{
    /// <summary>
    /// The shortest time to live that the server grants: 1.5 election timeouts, rounded up; 2 s by default.
    /// </summary>
    public long LeaseTtlSecondsMin { get; init; } = 2;
}
