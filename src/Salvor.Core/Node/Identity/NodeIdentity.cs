using System.Globalization;

namespace Salvor.Node.Identity;

/// <summary>Whose etcd a machine has: written while that was seen to be well, and asked when it is to start.</summary>
public sealed record NodeIdentity
{
    /// <summary>The cluster's id, in hex as etcd prints it.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The member's id, in the same way.</summary>
    public required string MemberId { get; init; }

    /// <summary>The timeline of the repository that this etcd writes to; null while nobody knows.</summary>
    public int? Timeline { get; init; }

    /// <summary>etcd's data directory on this machine.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>What the data directory lies on; null where that could not be told.</summary>
    public MountIdentity? Mount { get; init; }

    /// <summary>When it was written, for people.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>Ids as etcd prints them and as they are written here.</summary>
    public static string Text(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Whether another one says the same, whenever it was written.</summary>
    public bool SaysTheSameAs(NodeIdentity? other) =>
        other is not null && this with { Written = other.Written } == other;
}
