using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Repository.Snapshots;

namespace Salvor.Backup;

/// <summary>Whether a running etcd goes on with the history that a timeline holds.</summary>
internal static class HistoryCheck
{
    public static SourceIdentity IdentityOf(MemberStatus status) => new(
        status.ClusterId.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
        status.MemberId.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
        (long)status.RaftIndex,
        (long)status.RaftTerm,
        status.Version);

    /// <summary>Ends the work where another cluster's, or another past's, data would be mixed in.</summary>
    /// <param name="now">What etcd says of itself.</param>
    /// <param name="nowRevision">Its revision.</param>
    /// <param name="begin">The timeline that is to be written to.</param>
    /// <param name="newest">The newest thing stored on it; null for nothing.</param>
    /// <param name="repository">The repository's place, for the message.</param>
    public static void Require(
        SourceIdentity now, long nowRevision, TimelineBegin begin, SnapshotManifest? newest, string repository)
    {
        if (begin.ClusterId is { } cluster && cluster != now.ClusterId)
        {
            throw Foreign($"{repository} holds the backups of cluster {cluster}, and this etcd is of cluster "
                + $"{now.ClusterId}.");
        }

        if (newest is null)
        {
            return;
        }

        var before = newest.Source;
        if (nowRevision < newest.Revision)
        {
            throw Foreign($"etcd is at revision {nowRevision}, and {repository} has seen it at {newest.Revision}: it "
                + "was restored to an older state.");
        }

        if (before.MemberId == now.MemberId && now.RaftIndex < before.RaftIndex)
        {
            throw Foreign($"etcd's raft log is at index {now.RaftIndex}, and {repository} has seen it at "
                + $"{before.RaftIndex}: it was restored since.");
        }
    }

    private static SalvorException Foreign(string message) => new(ErrorCode.ForeignCluster, message)
    {
        Hint = "One repository is for one cluster. If this etcd was restored on purpose, add --new-timeline once: "
            + "what is stored stays, and what comes now is kept apart from it.",
    };
}
