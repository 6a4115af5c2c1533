using System.Collections.Immutable;
using Salvor.Recovery.Ladder;
using static Salvor.Recovery.Diagnosis.Clue;
using static Salvor.Recovery.Evidence.Sign;

namespace Salvor.Recovery.Diagnosis;

/// <summary>
/// What can be wrong with the machine under the control plane: its disks, clock, runtime and kubelet.
/// </summary>
internal static class MachineCauses
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(4);

    public static ImmutableArray<Cause> All { get; } =
    [
        new(CauseId.NewerTimeline, "Another control plane has taken this one's place")
        {
            Rows = [81],
            // Once its manifests are away there is nothing left to stand down.
            Required = [Is(NewerTimelineActive), Is(RepositoryReachable), Is(EtcdManifestPresent)],
            Excluding = [Is(KubeadmRuns)],
            Rungs = [Rung.StandDown],
            Datapoints = 3,
            OutOf = 3,
            Advice = "If this is the one that should go on, restore it with salvor restore --new-timeline.",
        },
        new(CauseId.DiskFull, "A disk of the control plane is full")
        {
            Rows = [30],
            Required = [Is(DiskFull)],
            Supporting = [Is(EtcdCrashLoops), Not(EtcdResponds), Not(ApiServerReady)],
            Rungs = [Rung.FreeSpace],
            HoldsBack = false,
            Advice = "Free space on it: old images, logs, or a larger disk. Never delete etcd's files.",
        },
        new(CauseId.InodesFull, "A disk of the control plane has no inode left")
        {
            Rows = [31],
            Required = [Is(InodesFull)],
            HoldsBack = false,
            Advice = "Find the directory with very many small files, and empty it.",
        },
        new(CauseId.DiskStalls, "Writing to etcd's disk takes seconds")
        {
            Rows = [28, 29],
            Required = [Is(DiskStalls), Not(ApiServerReady)],
            Excluding = [Is(DiskFull)],
            Datapoints = 3,
            OutOf = 4,
            Advice = "Look at the volume's limits and health; a restart would only add reads. Salvor waits.",
        },
        new(CauseId.ClockWrong, "The machine's clock is wrong")
        {
            Rows = [23],
            Required = [Not(ClockProven)],
            HoldsBack = false,
            Datapoints = 10,
            OutOf = 10,
            Patience = TimeSpan.FromMinutes(5),
            Advice = "Start the machine's time service; certificates are not renewed by a clock that is not proven.",
        },
        new(CauseId.CaExpired, "A certificate authority of the cluster has expired")
        {
            Rows = [21],
            Required = [Is(CaExpired), Is(ClockProven)],
            HoldsBack = false,
            Advice = "It has to be rotated with an overlap of trust on every node; renewing leaves does not help.",
        },
        new(CauseId.CertificateExpired, "A certificate of the control plane has expired")
        {
            Rows = [20, 22],
            Required = [Is(LeafExpired), Is(ClockProven), Is(CaKeyPresent)],
            Excluding = [Is(CaExpired), Is(KubeadmRuns)],
            Supporting = [Not(ApiServerReady), Not(KubeletHealthy)],
            Rungs = [Rung.RenewCertificates],
            Advice = "Renew them with kubeadm certs renew all, and start the static pods anew.",
        },
        new(CauseId.CertificateNotRenewed, "A certificate of the control plane is still expired")
        {
            Rows = [20, 22, 23],
            Required = [Is(LeafExpired)],
            Supporting = [Is(CaExpired), Not(ClockProven), Not(CaKeyPresent)],
            HoldsBack = false,
            Datapoints = 5,
            OutOf = 5,
            Patience = TimeSpan.FromMinutes(3),
            Advice = "It is renewed only by a clock that a time service vouches for (timedatectl), and only from an "
                + "authority whose key is here. By hand: kubeadm certs renew all, and start the static pods anew.",
        },
        new(CauseId.RuntimeDown, "The container runtime does not answer")
        {
            Rows = [13],
            Required = [Not(RuntimeResponds)],
            Excluding = [Is(DiskFull), Is(DiskStalls)],
            Supporting = [Not(KubeletHealthy)],
            Rungs = [Rung.RestartRuntime],
            Patience = TimeSpan.FromSeconds(10),
            Advice = "Look into the runtime's journal.",
        },
        new(CauseId.KubeletStopped, "kubelet is stopped")
        {
            Rows = [8, 10],
            Required = [Not(KubeletActive)],
            Excluding = [Is(KubeadmRuns)],
            Rungs = [Rung.StartKubelet],
            Patience = Short,
            Advice = "Look into kubelet's journal; it may name a flag or a file that it does not take.",
        },
        new(CauseId.KubeletHung, "kubelet runs and does not answer")
        {
            Rows = [9],
            Required = [Is(KubeletActive), Not(KubeletHealthy), Is(RuntimeResponds)],
            Excluding = [Is(DiskStalls), Is(KubeadmRuns)],
            Rungs = [Rung.RestartKubelet],
            Datapoints = 4,
            OutOf = 5,
            Patience = TimeSpan.FromSeconds(20),
            Advice = "Look into kubelet's journal.",
        },
    ];
}
