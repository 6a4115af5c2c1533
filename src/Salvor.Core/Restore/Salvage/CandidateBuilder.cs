using Salvor.DataDirectory;
using Salvor.Formats;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd.Replay;
using Salvor.Formats.Findings;
using Salvor.Formats.RaftWal;
using Salvor.Platform;
using Salvor.Progress;
using Salvor.Verify;

namespace Salvor.Restore.Salvage;

/// <summary>Tries the ways to put a keyspace together, best first, and picks the one that loses least.</summary>
/// <remarks>
/// 1. The newest commit of the database and the log after it: all there is when nothing is damaged.
/// 2. The commit before: its pages are reused only by the commit after the newest, so it usually survives what broke
/// that.
/// 3. A database that a leader sent.
/// 4. The log alone, where it begins with the cluster's first entry.
/// 5. A snapshot that the user named, and the log after it.
/// A log is only replayed onto a base without holes: on others, requests would come out differently than they did.
/// </remarks>
internal sealed class CandidateBuilder(
    IFileSystem files,
    SourceFiles source,
    DatabaseFile? snapshot,
    string workDirectory,
    FindingList findings,
    IProgress<WorkProgress>? progress,
    CancellationToken ct)
{
    private const string SnapshotName = "the snapshot";

    private readonly LogScans _scans = new(source.Segments, findings, ct);

    // Kept only to compare a snapshot with.
    private DatabaseSurvey? _damaged;
    private int _spills;

    /// <summary>
    /// The candidate that lacks least: distances are from the newest revision that any of them knows of, which is the
    /// same for all. At equal loss the one whose base is whole, then the one tried first.
    /// </summary>
    /// <remarks>Of the others nothing is kept: each may hold a keyspace in memory.</remarks>
    public SalvageCandidate? PickBest()
    {
        SalvageCandidate? best = null;
        try
        {
            foreach (var survey in Bases())
            {
                if (Build(survey) is not { } candidate)
                {
                    continue;
                }

                var isBetter = best is null || IsBetter(candidate, best);
                (isBetter ? best : candidate)?.Dispose();
                best = isBetter ? candidate : best;
                if (candidate is { Base: not null, IsBaseWhole: true, IsLogApplied: true })
                {
                    break; // Nothing can be better.
                }
            }

            return best;
        }
        catch
        {
            best?.Dispose();
            throw;
        }
    }

    private static bool IsBetter(SalvageCandidate candidate, SalvageCandidate than)
    {
        var lacks = (Int128)candidate.RevisionsMissing - candidate.Revision;
        var otherLacks = (Int128)than.RevisionsMissing - than.Revision;
        return lacks < otherLacks || (lacks == otherLacks && candidate.IsBaseWhole && !than.IsBaseWhole);
    }

    /// <summary>The bases worth trying; null stands for none, with which the log must tell everything.</summary>
    private IEnumerable<DatabaseSurvey?> Bases()
    {
        foreach (var file in source.ReceivedDatabases.Append(source.Database).Reverse().OfType<IByteSource>())
        {
            foreach (var (meta, what) in Metas(file))
            {
                var survey = Survey(file, meta, what);
                _damaged ??= snapshot is null ? null : survey;
                yield return survey;
            }
        }

        yield return null;
        if (snapshot is not null && MetaPair.Read(snapshot.Image).Newest is { } taken)
        {
            yield return DatabaseSurvey.Read(snapshot.Image, taken, SnapshotName, findings, ct);
        }
    }

    private List<(Meta Meta, string What)> Metas(IByteSource file)
    {
        var name = ReferenceEquals(file, source.Database) ? "the database" : $"the received database {file.Name}";
        try
        {
            var metas = MetaPair.Read(file);
            if (metas.Newest is null)
            {
                Report(Severity.Error, "bbolt.meta", file.Name, 0, "Neither meta page is valid.");
            }
            else if (metas.Older is null)
            {
                var offset = metas.FirstFault == MetaFault.None ? metas.PageSizeBytes : 0;
                Report(Severity.Warning, "bbolt.meta", file.Name, offset, "One of the two meta pages is not valid.");
            }

            var found = new List<(Meta, string)>();
            if (metas.Newest is { } newest)
            {
                found.Add((newest, name));
            }

            if (metas.Older is { } older)
            {
                found.Add((older, $"{name} as of the commit before its last"));
            }

            return found;
        }
        catch (CorruptDataException e)
        {
            Report(Severity.Error, "bbolt.meta", file.Name, e.Offset, e.Fault);
            return [];
        }
    }

    private DatabaseSurvey? Survey(IByteSource file, Meta meta, string what)
    {
        progress?.Report(new WorkProgress($"reading {what}", 0, file.Length));
        try
        {
            return DatabaseSurvey.Read(file, meta, what, findings, ct);
        }
        catch (CorruptDataException e)
        {
            Report(Severity.Error, "bbolt.unreadable", file.Name, e.Offset, e.Fault);
            return null;
        }
    }

    private SalvageCandidate? Build(DatabaseSurvey? survey)
    {
        var baseIndex = survey?.Meta.ConsistentIndex ?? 0;
        if (source.Segments.Count == 0)
        {
            return survey is null or { What: SnapshotName }
                ? null
                : new SalvageCandidate { Base = survey, IndexWanted = baseIndex };
        }

        progress?.Report(new WorkProgress("reading the log", 0, source.Segments.Sum(s => s.Source.Length)));
        var log = _scans.From(baseIndex + 1);
        if (survey is { What: SnapshotName })
        {
            new Kinship(snapshot!.Path, _scans, ct).Require(survey, log, _damaged);
        }

        if (survey is null && !TellsAll(log))
        {
            return null;
        }

        var voters = Voters.Count(log, source, survey);
        var wanted = Math.Max(Wanted(log, voters), baseIndex);
        var candidate = new SalvageCandidate { Base = survey, Log = log, IndexWanted = wanted, VoterCount = voters };
        if (survey is { IsWhole: false })
        {
            return candidate;
        }

        var spill = new ReplaySpill(files, Path.Combine(workDirectory, $"replay-{_spills++}"), survey?.OpenLookup());
        var replay = Load(survey, spill);
        var stop = Replay(replay, log, Math.Min(wanted, log.Entries.LastIndex));
        return candidate with { Replay = replay, Spill = spill, Stop = stop };
    }

    /// <summary>
    /// Whether a log tells the keyspace by itself: from the cluster's first entry on, with nothing damaged before the
    /// first request, and without a raft snapshot from before it, which stands for data that the log does not hold.
    /// </summary>
    private bool TellsAll(WalLog log) => log is { FirstIndexSeen: 1, StartsFromSnapshot: false, IsStartDamaged: false }
        && log.Entries.Count > 0
        && !source.Snapshots.Exists(s => s.Metadata.Index < (log.FirstRequestIndex ?? ulong.MaxValue));

    /// <summary>
    /// A lone voter commits all that it has written; among several, what lies above the commit may belong to a lost
    /// leader.
    /// </summary>
    private static ulong Wanted(WalLog log, int? voters)
    {
        var commit = log.State?.Commit ?? 0;
        return voters is > 1 ? commit : Math.Max(commit, log.LastIndexSeen ?? 0);
    }

    private static KeyspaceReplay Load(DatabaseSurvey? survey, ReplaySpill spill)
    {
        var replay = new KeyspaceReplay(spill, new ReplayOptions());
        if (survey is null)
        {
            return replay;
        }

        replay.LoadBase(survey.Keyspace.HeadRevision, survey.Meta, survey.IsAuthEnabled);
        survey.Leases.ForEach(replay.LoadLease);
        survey.Alarms.ForEach(replay.LoadAlarm);
        foreach (var (key, state) in survey.Keyspace.Keys.All)
        {
            if (state.IsLive)
            {
                replay.LoadKey(key, state);
            }
        }

        return replay;
    }

    private ReplayStop Replay(KeyspaceReplay replay, WalLog log, ulong lastIndex)
    {
        var reader = new WalEntryReader(log);
        var total = (long)(lastIndex - Math.Min(lastIndex, replay.ConsistentIndex));
        for (var done = 0L; replay.ConsistentIndex < lastIndex; done++)
        {
            ct.ThrowIfCancellationRequested();
            if (done % 4096 == 0)
            {
                progress?.Report(new WorkProgress("replaying the log", done, total));
            }

            var stop = replay.Apply(reader.Read(replay.ConsistentIndex + 1));
            if (stop != ReplayStop.None)
            {
                return stop;
            }
        }

        return ReplayStop.None;
    }

    private void Report(Severity severity, string code, string file, long offset, string message) =>
        findings.Report(new Finding(severity, code, file, offset, message));
}
