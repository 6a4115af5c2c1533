namespace Salvor.Formats.Etcd.Replay;

/// <summary>A key that exists at this point of the replay. Its value is elsewhere.</summary>
internal sealed class LiveKey(byte[] key)
{
    /// <summary>The value of <see cref="Place"/> for an entry of the base.</summary>
    public const long InBase = -1;

    public byte[] Key { get; } = key;

    public Revision Last { get; set; }

    public long CreateRevision { get; set; }

    public long Version { get; set; }

    public long Lease { get; set; }

    /// <summary>Whether the lease existed when the key was put: only then does its end delete the key.</summary>
    public bool IsAttached { get; set; }

    /// <summary>Where the newest entry was appended.</summary>
    public long Place { get; set; } = InBase;
}
