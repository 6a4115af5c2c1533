namespace Salvor.Node.Identity;

/// <summary>The file system that a directory lies on.</summary>
/// <param name="Point">Where it is mounted, as in "/var/lib/etcd"; "/" for the machine's own.</param>
/// <param name="Kind">Its type, as in "ext4".</param>
/// <param name="Uuid">The file system's own id, where the machine knows one.</param>
public sealed record MountIdentity(string Point, string Kind, string? Uuid);
