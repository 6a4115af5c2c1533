namespace Salvor.DataDirectory;

public enum DatabaseFileKind
{
    /// <summary>A saved snapshot: the image and its SHA-256.</summary>
    Snapshot,

    /// <summary>A backend as etcd has it on disk, or a copy of one: no hash.</summary>
    Backend,
}
