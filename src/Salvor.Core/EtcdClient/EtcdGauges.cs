namespace Salvor.EtcdClient;

/// <summary>What a member says of itself at <c>/metrics</c>, as far as somebody has to know who burdens it.</summary>
/// <param name="DatabaseBytes">The size of its database file, free pages included.</param>
/// <param name="QuotaBytes">The size at which it refuses writes; 0 where it does not say.</param>
/// <param name="FsyncCount">How often it has flushed its raft log since it was started.</param>
/// <param name="FsyncSeconds">How long all of these took together.</param>
public readonly record struct EtcdGauges(
    double DatabaseBytes, double QuotaBytes, double FsyncCount, double FsyncSeconds);
