using Salvor.Formats.Etcd;

namespace Salvor.Verify;

/// <summary>What a check of a database file saw, beside its findings.</summary>
public sealed record DatabaseFacts
{
    public int PageSizeBytes { get; init; }

    /// <summary>Pages of the image, used or not.</summary>
    public long Pages { get; init; }

    /// <summary>Pages that belong to no tree.</summary>
    public long FreePages { get; init; }

    /// <summary>Bytes of the image: what etcd calls the database size.</summary>
    public long ImageBytes { get; init; }

    public BackendMeta Meta { get; init; } = new();

    /// <summary>The revision that etcd starts at with this keyspace.</summary>
    public long Revision { get; init; }

    public long CompactRevision { get; init; }

    /// <summary>Keys that exist at that revision.</summary>
    public long LiveKeys { get; init; }

    /// <summary>Entries of the keyspace: every stored version and tombstone.</summary>
    public long Entries { get; init; }

    public long Leases { get; init; }

    public IReadOnlyList<MemberRecord> Members { get; init; } = [];

    public IReadOnlyList<AlarmRecord> Alarms { get; init; } = [];

    /// <summary>
    /// etcd's hash of the keyspace at <see cref="Revision"/>; null where damage makes it meaningless.
    /// </summary>
    public uint? HashKv { get; init; }

    /// <summary>The hash that <c>etcdutl snapshot status</c> prints; null where damage makes it meaningless.</summary>
    public uint? StatusHash { get; init; }

    /// <summary>The image's SHA-256, where one is stored and agrees.</summary>
    public string? Sha256 { get; init; }

    public bool AuthEnabled { get; init; }

    /// <summary>What the members agreed to run as, such as 3.5; null where none is stored.</summary>
    public Version? ClusterVersion { get; init; }
}
