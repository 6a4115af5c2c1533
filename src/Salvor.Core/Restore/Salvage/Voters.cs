using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;

namespace Salvor.Restore.Salvage;

/// <summary>
/// Tells who had a vote, from whatever survives: the log's snapshot records, the snap files, the changes in the log,
/// the database.
/// </summary>
internal static class Voters
{
    /// <summary>The number of voters at the log's end; null when nothing tells.</summary>
    public static int? Count(WalLog log, SourceFiles source, DatabaseSurvey? database)
    {
        var snapshots = log.Snapshots.Where(s => s.ConfState is not null).Select(s => (s.Index, State: s.ConfState!))
            .Concat(source.Snapshots.Select(s => (s.Metadata.Index, State: s.Metadata.ConfState)))
            .Where(s => !s.State.Voters.IsEmpty)
            .ToList();
        var (index, voters) = snapshots.Count == 0 ? (0UL, new HashSet<ulong>()) : Newest(snapshots);
        foreach (var change in log.MemberChanges.Where(c => c.Index > index))
        {
            _ = change.Kind switch
            {
                ConfChangeKind.AddVoter => voters.Add(change.MemberId),
                ConfChangeKind.Remove => voters.Remove(change.MemberId),
                _ => false,
            };
        }

        if (voters.Count > 0)
        {
            return voters.Count;
        }

        return database is { Members.Count: > 0 } ? database.Members.Count(m => !m.IsLearner) : null;
    }

    private static (ulong Index, HashSet<ulong> Voters) Newest(List<(ulong Index, ConfState State)> snapshots)
    {
        var (index, state) = snapshots.MaxBy(s => s.Index);
        return (index, [.. state.Voters, .. state.VotersOutgoing]);
    }
}
