using System.Collections.Immutable;
using Salvor.Recovery.Ladder;
using static Salvor.Recovery.Diagnosis.Clue;
using static Salvor.Recovery.Evidence.Sign;

namespace Salvor.Recovery.Diagnosis;

/// <summary>What can be wrong with etcd's volume and its data.</summary>
internal static class StorageCauses
{
    public static ImmutableArray<Cause> All { get; } =
    [
        new(CauseId.VolumeNotMounted, "etcd's volume is not mounted")
        {
            Rows = [38, 43],
            Required = [Not(VolumeMounted)],
            Rungs = [Rung.MountVolume],
            Supporting = [Not(DataPresent)],
            Patience = TimeSpan.FromSeconds(4),
            Advice = "Attach the volume, or restore onto another one. Nothing is restored into the mount point.",
        },
        new(CauseId.DataForeign, "etcd's data directory holds another cluster's data")
        {
            Rows = [39],
            Required = [Is(DataPresent), Not(DataOurs)],
            Advice = "Attach the right volume. If this is the right one, say so with salvor gate --override.",
        },
        new(CauseId.DataLost, "etcd's data is gone")
        {
            Rows = [38, 44],
            Required = [Not(DataPresent), Is(VolumeMounted)],
            Excluding = [Is(KubeadmRuns)],
            Supporting = [Not(EtcdResponds), Is(EtcdCrashLoops), Is(EtcdManifestHeld), Is(BackupVerified)],
            Rungs = [Rung.RecoverData],
            Datapoints = 3,
            OutOf = 3,
            Patience = TimeSpan.FromSeconds(4),
            Advice = "Restore it with salvor restore --quarantine --new-timeline.",
        },
        new(CauseId.DataDamaged, "etcd's data is damaged")
        {
            Rows = [34, 35, 36, 37],
            Required = [Is(DataPresent), Not(DataWhole), Is(DataOurs), Not(EtcdRuns), Is(VolumeMounted)],
            Excluding = [Is(DiskFull), Is(KubeadmRuns)],
            Supporting = [Is(EtcdCrashLoops), Is(EtcdManifestHeld)],
            Rungs = [Rung.RecoverData],
            Datapoints = 3,
            OutOf = 4,
            Patience = TimeSpan.FromSeconds(6),
            Advice = "See what survives with salvor salvage, or restore.",
        },
        new(CauseId.EtcdHeld, "etcd's manifest is held back, and its data is good")
        {
            Required =
            [
                Is(EtcdManifestHeld), Is(DataPresent), Is(DataOurs), Is(DataWhole), Is(VolumeMounted),
                Not(NewerTimelineActive), // Not to be seen is not enough: it may be what the manifest is held for.
            ],
            Excluding = [Is(KubeadmRuns), Is(EtcdManifestPresent)],
            Rungs = [Rung.ReleaseEtcd],
            Datapoints = 3,
            OutOf = 3,
            Advice = "salvor gate --release puts it back.",
        },
    ];
}
