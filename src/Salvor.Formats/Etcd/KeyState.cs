namespace Salvor.Formats.Etcd;

/// <summary>What the newest entry of a user key says.</summary>
public readonly record struct KeyState
{
    /// <summary>The newest change of the key.</summary>
    public Revision Last { get; init; }

    public long CreateRevision { get; init; }

    public long Version { get; init; }

    public long Lease { get; init; }

    /// <summary>Stored size of the newest entry's user value.</summary>
    public int ValueBytes { get; init; }

    /// <summary>Bytes that all entries of the key take in the keyspace, this one included.</summary>
    public long StoredBytes { get; init; }

    /// <summary>Entries of the key seen so far.</summary>
    public int Entries { get; init; }

    /// <summary>Whether the newest change is a put.</summary>
    public bool IsLive { get; init; }
}
