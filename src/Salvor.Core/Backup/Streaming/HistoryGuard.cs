using System.Globalization;
using Salvor.Errors;

namespace Salvor.Backup.Streaming;

/// <summary>Refuses to mix histories: docs/formats/repository.md, "Who writes when", rule 1.</summary>
internal static class HistoryGuard
{
    /// <summary>Whether a source can be the one that the stored history came from.</summary>
    public static void Require(SourceState now, LogPosition known, string repository)
    {
        if (known.Origin is not { } before)
        {
            return;
        }

        var origin = now.Origin;
        if (origin.ClusterId != before.ClusterId)
        {
            throw Foreign($"{repository} holds the history of cluster {Hex(before.ClusterId)}, and this etcd is of "
                + $"cluster {Hex(origin.ClusterId)}.");
        }

        if (now.Revision < known.Revision && origin.MemberId != before.MemberId)
        {
            throw new SalvorException(ErrorCode.EtcdRefused, string.Create(CultureInfo.InvariantCulture,
                $"The member that answers is at revision {now.Revision}, behind revision {known.Revision} of another."))
            {
                IsTransient = true,
                Hint = "It should catch up; if it does not, look at that member.",
            };
        }

        if (now.Revision < known.Revision)
        {
            throw Foreign(string.Create(CultureInfo.InvariantCulture,
                $"etcd is at revision {now.Revision}, and {repository} has seen it at {known.Revision}: it was "
                + $"restored to an older state."));
        }

        if (origin.MemberId == before.MemberId && origin.RaftIndex < before.RaftIndex)
        {
            throw Foreign(string.Create(CultureInfo.InvariantCulture,
                $"etcd's raft log is at index {origin.RaftIndex}, and {repository} has seen it at {before.RaftIndex}: "
                + $"it was restored since."));
        }
    }

    /// <summary>The failure where etcd tells a stored revision differently.</summary>
    public static SalvorException Differs(long revision, string repository) => Foreign(string.Create(
        CultureInfo.InvariantCulture,
        $"etcd's revision {revision} is not the one that {repository} holds: it was restored and written to since."));

    private static string Hex(ulong id) => id.ToString("x16", CultureInfo.InvariantCulture);

    private static SalvorException Foreign(string message) => new(ErrorCode.ForeignCluster, message)
    {
        Hint = "One repository is for one cluster. If this etcd was restored on purpose, begin a new timeline with "
            + "salvor backup --new-timeline: what is stored stays, and what comes now is kept apart from it.",
    };
}
