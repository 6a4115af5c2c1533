using Salvor.DataDirectory;
using Salvor.Formats;
using Salvor.Formats.Findings;
using Salvor.Formats.RaftWal;
using Salvor.Formats.Snap;
using Salvor.Platform;
using Salvor.Progress;

namespace Salvor.Verify;

/// <summary>Checks a data directory: its three parts, and that they agree with each other.</summary>
/// <remarks>
/// etcd starts from the newest snap file that the log also has a record of, applies the log from the backend's applied
/// index on, and refuses, or worse goes on, where these do not meet. So each part is read to its end first, and then
/// held against the others.
/// </remarks>
internal sealed class DirectoryCheck(IFileSystem files, ICpuPool pool, MemberLayout layout, IFindingSink findings)
{
    private const int NamesMax = 10_000;

    private static readonly Version FirstWithTerm = new(3, 5);

    public async Task<DatabaseFacts?> RunAsync(IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var facts = await CheckDatabaseAsync(progress, ct);
        var snaps = ReadSnapFiles();
        using var segments = WalSegments.Open(files, layout.Wal);
        if (segments.All.Count == 0)
        {
            Report(Severity.Error, "directory.wal", layout.Wal,
                "there is no log: etcd would start a new cluster on this data");
            return facts;
        }

        progress?.Report(new WorkProgress("checking the log", 0, 0));
        var log = WalScanner.Scan(segments.All, Math.Max(1, facts?.Meta.ConsistentIndex ?? 0), findings, ct);
        CheckSnapshots(log, snaps);
        if (facts is not null)
        {
            CheckIndexes(log, facts);
            CheckTerm(log, facts);
            CheckIdentity(log, facts);
        }

        return facts;
    }

    private async Task<DatabaseFacts?> CheckDatabaseAsync(IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        if (files.Stat(layout.Database) is null)
        {
            Report(Severity.Error, "directory.db", layout.Database, "the database is missing");
            return null;
        }

        using var file = DatabaseFile.Open(files, layout.Database);
        return await new DatabaseCheck(file, findings, pool).RunAsync(progress, ct);
    }

    private List<(SnapFileName Name, SnapFile File)> ReadSnapFiles()
    {
        var snaps = new List<(SnapFileName, SnapFile)>();
        if (files.Stat(layout.Snap) is not { IsDirectory: true })
        {
            return snaps;
        }

        foreach (var name in files.List(layout.Snap).Take(NamesMax))
        {
            var path = Path.Combine(layout.Snap, name);
            if (SnapFileName.TryParse(name, out var parsed))
            {
                ReadSnapFile(path, parsed, snaps);
            }
            else if (name != "db" && name != ".touch")
            {
                Report(Severity.Info, "directory.stray", path,
                    "etcd does not read this file; an interrupted defragmentation or transfer leaves such");
            }
        }

        return snaps;
    }

    private void ReadSnapFile(string path, SnapFileName name, List<(SnapFileName, SnapFile)> snaps)
    {
        try
        {
            using var file = files.OpenRead(path);
            var snap = SnapFile.Read(file);
            if (snap.Metadata.Index != name.Index || snap.Metadata.Term != name.Term)
            {
                Report(Severity.Error, "snap.name", path,
                    $"the name says index {name.Index} and term {name.Term}, the content {snap.Metadata.Index} and "
                        + $"{snap.Metadata.Term}");
            }

            snaps.Add((name, snap));
        }
        catch (CorruptDataException e)
        {
            findings.Report(new Finding(Severity.Error, "snap.corrupt", path, e.Offset,
                $"{e.Fault}; etcd puts it aside and takes the one before it"));
        }
    }

    private void CheckSnapshots(WalLog log, List<(SnapFileName Name, SnapFile File)> snaps)
    {
        var commit = log.State?.Commit ?? 0;
        var recorded = log.Snapshots.Where(s => s.Index > 0).ToList();
        var isMatched = recorded.Exists(r => r.Index <= commit
            && snaps.Exists(s => s.Name.Index == r.Index && s.Name.Term == r.Term));
        if (recorded.Count > 0 && !isMatched)
        {
            Report(Severity.Error, "snap.unmatched", layout.Snap,
                "the log knows of raft snapshots, and no readable snap file is one of them: etcd would replay the log "
                    + "from its start, or refuse");
        }
    }

    private void CheckIndexes(WalLog log, DatabaseFacts facts)
    {
        var applied = facts.Meta.ConsistentIndex;
        var lastIndex = log.LastIndex;
        if (applied > lastIndex)
        {
            Report(Severity.Error, "directory.index.ahead", layout.Database,
                $"the database has applied index {applied}, and the log ends at {lastIndex}: etcd would accept the "
                    + $"next {applied - lastIndex} writes and drop them");
        }

        var snapIndex = log.Snapshots.Where(s => s.Index <= (log.State?.Commit ?? 0)).Select(s => s.Index)
            .DefaultIfEmpty().Max();
        if (applied < snapIndex)
        {
            Report(Severity.Error, "directory.index.behind", layout.Database,
                $"the database has applied index {applied}, before the raft snapshot at {snapIndex}: etcd refuses to "
                    + "start");
        }
        else if (log.FirstIndexSeen is { } first && first > applied + 1)
        {
            Report(Severity.Error, "directory.index.hole", layout.Wal,
                $"the database has applied index {applied}, and the log begins at {first}: what was between them is "
                    + "missing");
        }
        else if (lastIndex > applied)
        {
            Report(Severity.Info, "directory.index.replay", layout.Database,
                $"the log has {lastIndex - applied} entries that the database has not applied yet; etcd does so when "
                    + "it starts");
        }
    }

    /// <summary>
    /// One index has one term in one history: where database and log differ, the stored index is wrong, or the two were
    /// never of one member. But etcd before 3.5 writes no term, and leaves an old one as it found it.
    /// </summary>
    private void CheckTerm(WalLog log, DatabaseFacts facts)
    {
        var meta = facts.Meta;
        if (meta.Term is not { } term || TermAt(log, meta.ConsistentIndex) is not { } logged)
        {
            return;
        }

        var isKept = facts.ClusterVersion >= FirstWithTerm;
        if (isKept ? term != logged : term > logged)
        {
            Report(Severity.Error, "directory.index.term", layout.Database,
                $"the database has applied index {meta.ConsistentIndex} of term {term}, and in the log that entry is "
                    + $"of term {logged}: the index is wrong, or they are not of one history");
        }
    }

    /// <summary>The term of an applied entry, as the log has it; null where it does not say.</summary>
    private static ulong? TermAt(WalLog log, ulong index) =>
        log.Entries.FirstIndex == index && log.Entries.Count > 0
            ? new WalEntryReader(log).Read(index).Term
            : log.Snapshots.LastOrDefault(s => s.Index > 0 && s.Index == index)?.Term;

    private void CheckIdentity(WalLog log, DatabaseFacts facts)
    {
        if (log.Metadata is { } metadata && facts.Members.Count > 0
            && facts.Members.All(m => m.Id.Value != metadata.MemberId))
        {
            Report(Severity.Warning, "directory.member", layout.Database,
                $"the log belongs to member {metadata.MemberId:x}, which the database does not know: etcd 3.6 and "
                    + "later refuse to start");
        }
    }

    private void Report(Severity severity, string code, string path, string message) =>
        findings.Report(new Finding(severity, code, path, Offset: null, message));
}
