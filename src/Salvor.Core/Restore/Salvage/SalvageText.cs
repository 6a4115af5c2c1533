using Salvor.Formats.Etcd;
using Salvor.Formats.Etcd.Replay;
using Salvor.Formats.RaftWal;

namespace Salvor.Restore.Salvage;

/// <summary>Says what a candidate holds and lacks, in sentences.</summary>
internal static class SalvageText
{
    public static string PutTogetherFrom(SalvageCandidate candidate)
    {
        if (candidate.Base is not { } survey)
        {
            return "the log alone, from the cluster's first entry on";
        }

        var replayed = candidate.Replay is { } replay && replay.ConsistentIndex > survey.Meta.ConsistentIndex;
        return replayed ? $"{survey.What}, and the log after it" : survey.What;
    }

    public static List<string> Losses(SalvageCandidate candidate)
    {
        var losses = new List<string>();
        AddBaseLosses(candidate, losses);
        if (candidate.Log is null)
        {
            losses.Add("There is no log: writes of the last moments before the database's last commit may be missing, "
                + "and nothing tells which.");
        }
        else if (!candidate.IsLogApplied)
        {
            losses.Add($"{Entries(candidate.Index + 1, candidate.IndexWanted)} lost: {Reason(candidate)}");
        }

        if (candidate.Log is { } log)
        {
            AddLogLosses(candidate, log, losses);
        }

        return losses;
    }

    private static void AddLogLosses(SalvageCandidate candidate, WalLog log, List<string> losses)
    {
        if (log.HasCorruptTail)
        {
            losses.Add("The log's end is damaged, not only cut short: entries that etcd acknowledged may have stood "
                + "there.");
        }

        if (log.IsLastSegmentFull)
        {
            losses.Add("The log's last segment is full, yet no other follows it: one with acknowledged entries may be "
                + "missing.");
        }

        if (log.HasForeignSegment)
        {
            losses.Add("A part of the log belongs to another member; what stood in its place may be missing.");
        }

        if (candidate.IsLogShort)
        {
            losses.Add($"The log ends at entry {log.LastIndex}, the database at "
                + $"{candidate.Base!.Meta.ConsistentIndex}. etcd writes the log first, so the log lost its end, and "
                + "with it whatever came after the database's last entry.");
        }

        if (candidate.HasUncommitted)
        {
            losses.Add($"{Entries(candidate.IndexWanted + 1, log.LastIndexSeen!.Value)} left out: "
                + $"{candidate.VoterCount} members voted, and that they agreed here is not known.");
        }
    }

    public static List<string> Notes(SalvageCandidate candidate)
    {
        var notes = new List<string>();
        foreach (var alarm in candidate.Alarms)
        {
            notes.Add($"The alarm {alarm.Kind} of member {alarm.Member} was raised; the new member starts without it.");
        }

        if (candidate.Replay?.Counts is { Refused: > 0 } counts)
        {
            var reasons = counts.RefusedByReason.Select(r => $"{r.Key} {r.Value}");
            notes.Add($"{counts.Refused} requests are in the log that etcd refused when it applied them "
                + $"({string.Join(", ", reasons)}); they are left out, as they were then.");
        }

        if (candidate.Log is { HasTornTail: true })
        {
            notes.Add("The log ends in a write that was cut short. etcd acknowledges no write before it is whole, so "
                + "it counts as no loss.");
        }

        return notes;
    }

    private static void AddBaseLosses(SalvageCandidate candidate, List<string> losses)
    {
        if (candidate.Base is not { IsWhole: false } survey)
        {
            return;
        }

        foreach (var bucket in survey.DamagedBuckets.Where(b => b != "key"))
        {
            losses.Add($"A part of the bucket {bucket} can't be read.");
        }

        foreach (var gap in survey.Gaps)
        {
            var (from, to) = (Show(gap.Lower, "the first"), Show(gap.Upper, "the last"));
            losses.Add($"Damage cut off the revisions from {from} to {to}.");
        }

        if (survey.FoundEntryCount > 0)
        {
            losses.Add($"{survey.FoundEntryCount} entries of them were found again on pages that nothing leads to; "
                + "whether more are missing can't be proven.");
        }

        if (survey.Gaps.Count == 0 && survey.DamagedBuckets.Count == 0)
        {
            losses.Add("Some entries of the keyspace do not follow from the ones before them; see the findings.");
        }
    }

    private static string Reason(SalvageCandidate candidate)
    {
        var next = candidate.Index + 1;
        return candidate.Stop switch
        {
            ReplayStop.AuthEnabled =>
                $"authentication is on, and whether entry {next} was let in can't be told from the log alone.",
            ReplayStop.AuthChanged => $"entry {next} changes users or roles, which Salvor does not replay.",
            ReplayStop.UnknownRequest => $"entry {next} holds a request that this version of Salvor does not know.",
            ReplayStop.MalformedRequest => $"entry {next} is malformed, although its checksum is right.",
            ReplayStop.RevisionsExhausted => "the database is at the last revision that there can be.",
            ReplayStop.BaseValueLost => $"entry {next} depends on a value that can't be read.",
            _ when !candidate.IsBaseWhole => "they can't be applied to a database with holes.",
            _ when candidate.Log!.FirstIndexSeen > next =>
                $"the log begins at entry {candidate.Log.FirstIndexSeen} only.",
            _ => $"entry {next} is damaged or missing, and nothing may be applied past it.",
        };
    }

    /// <summary>One entry or several, and the verb.</summary>
    private static string Entries(ulong first, ulong last) => first == last
        ? $"Entry {first} of the raft log is"
        : $"Entries {first} to {last} of the raft log are";

    private static string Show(byte[]? key, string open) =>
        key is not null && RevisionKey.TryRead(key, out var revision) ? revision.Revision.ToString() : open;
}
