using Salvor.Node.Kits;

namespace Salvor.Backup;

/// <summary>How a snapshot into a repository is taken.</summary>
public sealed record SnapshotOptions
{
    /// <summary>After this long the attempt is given up: etcd can't reuse its free pages while it lasts.</summary>
    public TimeSpan TimeMax { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How much etcd's database may grow meanwhile before the attempt is given up; less where its quota is near.
    /// </summary>
    public long GrowthMaxBytes { get; init; } = 256 << 20;

    /// <summary>Whether it begins a timeline, since this etcd's history is not the one that is stored.</summary>
    public bool BeginsTimeline { get; init; }

    /// <summary>Takes the machine's kit along; null where there is none to take.</summary>
    public KitCapture? Kit { get; init; }
}
