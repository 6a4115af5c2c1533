using System.Collections.Immutable;
using Salvor.Recovery.Ladder;
using static Salvor.Recovery.Diagnosis.Clue;
using static Salvor.Recovery.Evidence.Sign;

namespace Salvor.Recovery.Diagnosis;

/// <summary>What can be wrong with the control plane's static pods.</summary>
internal static class PodCauses
{
    private static readonly TimeSpan KubeletsTime = TimeSpan.FromSeconds(25);

    public static ImmutableArray<Cause> All { get; } =
    [
        new(CauseId.EtcdManifestMissing, "etcd's manifest is gone")
        {
            Rows = [7],
            Required = [Not(EtcdManifestPresent), Not(EtcdManifestHeld), Is(DataPresent)],
            Excluding = [Is(KubeadmRuns), Is(ManifestIsSomebodysWork)],
            Rungs = [Rung.PutBackManifest],
            Patience = TimeSpan.FromSeconds(10),
            Advice = "Put it back from the kit: salvor restore --kit.",
        },
        new(CauseId.ApiServerManifestMissing, "kube-apiserver's manifest is gone")
        {
            Rows = [7],
            Required = [Not(ApiServerManifestPresent)],
            Excluding = [Is(KubeadmRuns), Is(ManifestIsSomebodysWork), Is(EtcdManifestHeld)],
            Rungs = [Rung.PutBackManifest],
            Patience = TimeSpan.FromSeconds(10),
            Advice = "Put it back from the kit: salvor restore --kit.",
        },
        new(CauseId.StrayManifest, "A second manifest runs a pod of the control plane")
        {
            Rows = [6],
            Required = [Is(StrayManifest), Not(ApiServerReady)],
            Excluding = [Is(KubeadmRuns), Is(ManifestIsSomebodysWork)],
            Rungs = [Rung.QuarantineStray],
            Patience = TimeSpan.FromSeconds(10),
            Advice = "Move the stray one out of the directory of manifests.",
        },
        new(CauseId.BadManifest, "A changed manifest keeps the control plane from starting")
        {
            Rows = [5],
            Required = [Is(ManifestDiffers), Not(ApiServerReady), Is(KubeletHealthy)],
            Excluding = [Is(KubeadmRuns), Is(ManifestIsSomebodysWork), Is(DiskFull)],
            Supporting = [Is(ApiServerCrashLoops), Is(EtcdCrashLoops)],
            Rungs = [Rung.PutBackManifest],
            Datapoints = 4,
            OutOf = 5,
            Patience = TimeSpan.FromSeconds(20),
            Advice = "Look at what differs from the last good manifest, which is kept.",
        },
        new(CauseId.SandboxNameTaken, "The name of an old sandbox is still taken")
        {
            Rows = [15],
            Required = [Is(SandboxNameTaken), Not(ApiServerReady)],
            Rungs = [Rung.RemoveSandbox, Rung.RestartKubelet],
            Patience = TimeSpan.FromSeconds(15),
        },
        new(CauseId.EtcdNoSpace, "etcd's quota is used up")
        {
            Rows = [32],
            Required = [Is(NoSpaceAlarm), Is(EtcdResponds)],
            Excluding = [Is(CorruptAlarm), Is(KubeadmRuns)],
            Rungs = [Rung.ClearNoSpace],
            Advice = "See what fills it with salvor inspect, and raise --quota-backend-bytes only after that.",
        },
        new(CauseId.EtcdCorrupt, "etcd says that its data is corrupt")
        {
            Rows = [33],
            Required = [Is(CorruptAlarm)],
            HoldsBack = false,
            Advice = "Keep etcd as it is. Compare with salvor verify, then salvage or restore; never just disarm.",
        },
        new(CauseId.EtcdDown, "etcd's container has ended, and kubelet does not start it")
        {
            Rows = [4, 17],
            Required = [Not(EtcdRuns), Is(EtcdManifestPresent), Is(KubeletHealthy), Is(RuntimeResponds)],
            Excluding = [Is(DiskFull), Is(DiskStalls), Is(KubeadmRuns), Not(DataPresent), Not(DataWhole)],
            Supporting = [Is(EtcdCrashLoops)],
            Rungs = [Rung.RemoveExitedContainer, Rung.RestartKubelet],
            Patience = KubeletsTime,
            Advice = "Look into etcd's log.",
        },
        new(CauseId.ApiServerHung, "kube-apiserver runs and does not answer")
        {
            Rows = [2],
            Required = [Is(ApiServerRuns), Not(ApiServerLive), Is(EtcdResponds), Is(ApiServerAccepts)],
            Excluding = [Is(DiskStalls), Is(KubeadmRuns), Is(ApiServerCrashLoops)],
            Rungs = [Rung.StopHungContainer, Rung.RestartKubelet],
            Datapoints = 5,
            OutOf = 6,
            Patience = TimeSpan.FromSeconds(60),
            Advice = "Look into its log and its load.",
        },
        new(CauseId.ApiServerDown, "kube-apiserver's container has ended, and kubelet does not start it")
        {
            Rows = [1, 3, 17],
            Required = [Not(ApiServerRuns), Is(ApiServerManifestPresent), Is(KubeletHealthy), Is(EtcdResponds)],
            Excluding = [Is(DiskFull), Is(KubeadmRuns)],
            Supporting = [Is(ApiServerCrashLoops)],
            Rungs = [Rung.RemoveExitedContainer, Rung.RestartKubelet],
            Patience = KubeletsTime,
            Advice = "Look into its log.",
        },
        new(CauseId.Unexplained, "The API is not ready, and nothing that Salvor knows explains it")
        {
            Required = [Not(ApiServerReady)],
            Excluding = [Is(KubeadmRuns)],
            Patience = TimeSpan.FromMinutes(10),
            Advice = "See salvor status, and the logs of kube-apiserver, etcd and kubelet.",
        },
    ];
}
