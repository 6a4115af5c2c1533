using Salvor.Platform;

namespace Salvor.Recovery.OnMachine;

/// <summary>The machine that an agent looks after: its own.</summary>
public sealed record AgentMachine(
    IFileSystem Files, ICpuPool Pool, IProcessRunner Processes, IEntropy Entropy, TimeProvider Time)
{
    /// <summary>What Salvor keeps for itself on a machine.</summary>
    public const string OwnDirectory = "/var/lib/salvor";

    public const string KubeletUnit = "kubelet.service";

    internal const UnixFileMode PrivateDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute;

    /// <summary>etcd's static-pod manifest, where kubelet reads it.</summary>
    public required string EtcdManifestPath { get; init; }

    /// <summary>The runtime's unit, as systemd names it.</summary>
    public string RuntimeUnit { get; init; } = "containerd.service";

    public string ManifestDirectory => Path.GetDirectoryName(EtcdManifestPath) ?? "/";
}
