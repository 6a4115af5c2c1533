using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Formats.Etcd;

namespace Salvor.Restore;

/// <summary>What a restored member shall be, and how its data is written.</summary>
public sealed record RestoreOptions
{
    /// <summary>Leaves a cluster as many revisions to come as it can ever use.</summary>
    private const long RevisionMax = 1L << 62;

    /// <summary>
    /// Measured (docs/decisions/0002-restored-file.md): nearly as small and fast as larger leaves, and the first
    /// compaction rewrites hardly more than with leaves of one page.
    /// </summary>
    public const int LeafPagesDefault = 4;

    /// <summary>etcd's <c>--data-dir</c>. May exist, be empty, or be a mount point.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>etcd's <c>--wal-dir</c>, where it is not in the data directory.</summary>
    public string? WalDirectory { get; init; }

    /// <summary>etcd's <c>--name</c>.</summary>
    public string Name { get; init; } = "default";

    /// <summary>etcd's <c>--initial-advertise-peer-urls</c>.</summary>
    public ImmutableArray<string> PeerUrls { get; init; } = ["http://localhost:2380"];

    /// <summary>
    /// Goes into the ids of member and cluster. A new one for each restore keeps what is left of the old cluster from
    /// ever talking to the new one.
    /// </summary>
    public required string ClusterToken { get; init; }

    /// <summary>Pages that a leaf of the written file may fill, 1 to 256.</summary>
    public int LeafPages { get; init; } = LeafPagesDefault;

    /// <summary>Whether superseded revisions are left out, as a compaction at the head would.</summary>
    public bool IsCompacted { get; init; }

    /// <summary>
    /// How far the revision is raised beyond the snapshot's head, so that no client that saw the lost future takes the
    /// new history for the old; 0 keeps it. Raising implies compaction: watchers are told to list again.
    /// </summary>
    public long RevisionBump { get; init; }

    /// <summary>Whether present data may be put aside (never deleted).</summary>
    public bool MayQuarantine { get; init; }

    /// <summary>Whether a file without a stored hash is accepted; it is then checked entry by entry first.</summary>
    public bool SkipsHashCheck { get; init; }

    /// <summary>Everything that is wrong with these options, each with the option's name.</summary>
    public ImmutableArray<string> Validate()
    {
        var faults = ImmutableArray.CreateBuilder<string>();
        AddIf(faults, DataDirectory.Length == 0, "--data-dir: must not be empty.");
        AddIf(faults, WalDirectory is "", "--wal-dir: must not be empty.");
        AddIf(faults, LeafPages is < 1 or > 256, $"--leaf-pages: {LeafPages} is outside 1..256.");
        AddIf(faults, RevisionBump is < 0 or > 1L << 60, $"--revision-bump: {RevisionBump} is outside 0..2^60.");
        AddIf(faults, string.IsNullOrWhiteSpace(Name), "--name: must not be empty.");
        AddIf(faults, ClusterToken.Length == 0, "--cluster-token: must not be empty.");
        AddIf(faults, PeerUrls.IsDefaultOrEmpty, "--peer-urls: name at least one URL.");
        foreach (var url in PeerUrls.IsDefault ? [] : PeerUrls)
        {
            var isGood = Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                && url.EndsWith($":{uri!.Port}", StringComparison.Ordinal);
            AddIf(faults, !isGood, $"--peer-urls: {url} is not of the form http(s)://host:port.");
        }

        return faults.ToImmutable();
    }

    /// <summary>Refuses options that are wrong, with all that is wrong with them.</summary>
    internal void Require()
    {
        if (Validate() is { Length: > 0 } faults)
        {
            throw new SalvorException(ErrorCode.Usage, string.Join(" ", faults))
            {
                Hint = "The command's --help tells what each option takes.",
            };
        }
    }

    /// <summary>The only member of the new cluster.</summary>
    internal MemberRecord NewMember()
    {
        var urls = PeerUrls.Order(StringComparer.Ordinal).ToArray();
        return new MemberRecord(MemberIds.DeriveMember(urls, ClusterToken), urls) { Name = Name };
    }

    /// <summary>The revision to start at, out of the newest one that is stored.</summary>
    internal long Raise(long revision, string source) => revision <= RevisionMax - RevisionBump
        ? revision + RevisionBump
        : throw new SalvorException(ErrorCode.Corrupt,
            $"{source} is at revision {revision}, which can't be raised by {RevisionBump}.")
        {
            Hint = "No etcd ever reached such a revision: the data is damaged. salvor verify shows where.",
        };

    private static void AddIf(ImmutableArray<string>.Builder faults, bool isFault, string message)
    {
        if (isFault)
        {
            faults.Add(message);
        }
    }
}
