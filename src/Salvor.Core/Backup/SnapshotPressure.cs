using Salvor.EtcdClient;

namespace Salvor.Backup;

/// <summary>Tells from etcd's own gauges what a snapshot does to it.</summary>
/// <remarks>
/// Two things go wrong for an etcd that is read as fast as it can: its flushes wait for the disk, and with them every
/// write; and its file grows, since pages that the snapshot still reads can't be reused.
/// </remarks>
/// <param name="before">How it was when the snapshot began.</param>
/// <param name="growthMaxBytes">How much its database may grow meanwhile.</param>
internal sealed class SnapshotPressure(EtcdGauges before, long growthMaxBytes)
{
    /// <summary>etcd's own advice for its disk: 99 of 100 flushes within this time.</summary>
    private const double FsyncSecondsGood = 0.010;

    private const double StrainFactor = 2;
    private const int FsyncsMin = 5; // Fewer say nothing.
    private const long GrowthFloorBytes = 16 << 20; // What batches of commits move up and down anyway.

    private readonly EtcdGauges _before = before;
    private readonly double _fsyncSecondsMax = Math.Max(FsyncSecondsGood, StrainFactor * Mean(default, before));
    private EtcdGauges _last = before;

    /// <summary>Whether flushes take longer than they should, and longer than they did without the snapshot.</summary>
    public bool IsStrained { get; private set; }

    /// <summary>By how much the database has grown.</summary>
    public long GrowthBytes { get; private set; }

    public bool HasGrownTooMuch => GrowthBytes > GrowthMax;

    /// <summary>At most half of what is left to the quota, where etcd says what that is.</summary>
    private double GrowthMax => _before.QuotaBytes <= 0
        ? growthMaxBytes
        : Math.Clamp((_before.QuotaBytes - _before.DatabaseBytes) / 2, GrowthFloorBytes, growthMaxBytes);

    public void Look(EtcdGauges now)
    {
        GrowthBytes = (long)Math.Clamp(now.DatabaseBytes - _before.DatabaseBytes, 0, long.MaxValue / 2);
        if (now.FsyncCount - _last.FsyncCount >= FsyncsMin)
        {
            IsStrained = Mean(_last, now) > _fsyncSecondsMax;
            _last = now;
        }
    }

    private static double Mean(EtcdGauges from, EtcdGauges to) =>
        to.FsyncCount > from.FsyncCount ? (to.FsyncSeconds - from.FsyncSeconds) / (to.FsyncCount - from.FsyncCount) : 0;
}
