using Salvor.Platform;

namespace Salvor.Recovery.Gate;

/// <summary>The machine that the gate guards.</summary>
/// <param name="Files">Its files.</param>
/// <param name="Pool">For what may hang, and must not hold the gate up.</param>
/// <param name="Time">Its clock.</param>
/// <param name="Name">Its name, for those who read about it elsewhere.</param>
/// <param name="Root">Where its root directory is.</param>
/// <param name="ManifestPath">etcd's manifest, below the root directory.</param>
public sealed record GateMachine(
    IFileSystem Files, ICpuPool Pool, TimeProvider Time, string Name, string Root, string ManifestPath)
{
    /// <summary>Where a path of the machine is for us.</summary>
    public string PathOf(string path) => Root.TrimEnd('/') + "/" + path.TrimStart('/');
}
