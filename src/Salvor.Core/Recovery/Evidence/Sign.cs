namespace Salvor.Recovery.Evidence;

/// <summary>What can be seen of a control plane, each as a sentence that is true, false or unknown.</summary>
public enum Sign
{
    // By the agent, on the control plane's machine.

    /// <summary>systemd has kubelet's unit active.</summary>
    KubeletActive,

    /// <summary>kubelet's own healthz answers "ok".</summary>
    KubeletHealthy,

    /// <summary>The container runtime answers on its socket.</summary>
    RuntimeResponds,

    /// <summary>A container of etcd runs.</summary>
    EtcdRuns,

    /// <summary>etcd answers that it is healthy, for reads at least.</summary>
    EtcdResponds,

    /// <summary>etcd's containers end again and again, soon after their start.</summary>
    EtcdCrashLoops,

    /// <summary>A container of kube-apiserver runs.</summary>
    ApiServerRuns,

    /// <summary>kube-apiserver's port takes connections.</summary>
    ApiServerAccepts,

    /// <summary>kube-apiserver's /livez answers "ok".</summary>
    ApiServerLive,

    /// <summary>kube-apiserver's /readyz answers "ok".</summary>
    ApiServerReady,

    /// <summary>kube-apiserver's containers end again and again, soon after their start.</summary>
    ApiServerCrashLoops,

    /// <summary>etcd's manifest is where kubelet reads it.</summary>
    EtcdManifestPresent,

    /// <summary>etcd's manifest is held back, by the gate or by a recovery.</summary>
    EtcdManifestHeld,

    /// <summary>kube-apiserver's manifest is where kubelet reads it.</summary>
    ApiServerManifestPresent,

    /// <summary>A control-plane manifest is another than the last one that worked.</summary>
    ManifestDiffers,

    /// <summary>A manifest was changed in the last 15 minutes, or across a minor version of its image.</summary>
    ManifestIsSomebodysWork,

    /// <summary>A second manifest runs a pod of the same name as one of the control plane's.</summary>
    StrayManifest,

    /// <summary>kubeadm runs on this machine.</summary>
    KubeadmRuns,

    /// <summary>A pod's sandbox can't be made, since the name of an old one is still taken.</summary>
    SandboxNameTaken,

    /// <summary>What should be mounted at etcd's data directory is.</summary>
    VolumeMounted,

    /// <summary>etcd's data directory holds a member's data.</summary>
    DataPresent,

    /// <summary>The data is the cluster's that this machine was last seen to serve.</summary>
    DataOurs,

    /// <summary>Database, log and snap file are whole as far as a short look tells.</summary>
    DataWhole,

    /// <summary>etcd's NOSPACE alarm is raised.</summary>
    NoSpaceAlarm,

    /// <summary>etcd's CORRUPT alarm is raised.</summary>
    CorruptAlarm,

    /// <summary>A disk that etcd or the machine lives on has no space left, or next to none.</summary>
    DiskFull,

    /// <summary>A disk that etcd or the machine lives on has no inode left, or next to none.</summary>
    InodesFull,

    /// <summary>Writing to etcd's disk takes seconds.</summary>
    DiskStalls,

    /// <summary>A certificate of the control plane has expired.</summary>
    LeafExpired,

    /// <summary>A certificate authority of the cluster has expired.</summary>
    CaExpired,

    /// <summary>The authority's key is on this machine, so that certificates can be renewed.</summary>
    CaKeyPresent,

    /// <summary>The machine's clock is known to be right.</summary>
    ClockProven,

    /// <summary>A newer timeline than this machine's is active.</summary>
    NewerTimelineActive,

    // By both.

    /// <summary>The repository answers.</summary>
    RepositoryReachable,

    /// <summary>The repository holds a verified snapshot of the timeline.</summary>
    BackupVerified,

    // By the guard, from outside.

    /// <summary>The endpoint takes connections, seen from here.</summary>
    EndpointAccepts,

    /// <summary>The endpoint's /readyz answers "ok", seen from here.</summary>
    EndpointReady,

    /// <summary>The agent's heartbeat changed within its time, by this side's own clock.</summary>
    HeartbeatFresh,

    /// <summary>An agent's heartbeat was ever seen to change by this guard.</summary>
    HeartbeatKnown,

    /// <summary>The cloud answers.</summary>
    ProviderReachable,

    /// <summary>The cloud says that the machine runs.</summary>
    MachineRuns,

    /// <summary>The cloud says that the machine is stopped.</summary>
    MachineStopped,

    /// <summary>The cloud says that the machine is terminated.</summary>
    MachineTerminated,

    /// <summary>The cloud's check of the machine fails.</summary>
    InstanceCheckFails,

    /// <summary>The cloud's check of the machine's host fails.</summary>
    SystemCheckFails,

    /// <summary>etcd's volume is attached to the machine.</summary>
    VolumeAttached,

    /// <summary>etcd's volume exists, and the cloud knows no error of it.</summary>
    VolumeExists,

    /// <summary>The machine is tagged as fenced: nothing may start it again.</summary>
    MachineFenced,

    /// <summary>Another guard sees the endpoint ready.</summary>
    PeerSeesReady,
}
