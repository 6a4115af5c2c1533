using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats.Etcd;
using Salvor.Formats.Etcd.Replay;
using Salvor.Platform;
using Salvor.Progress;
using Salvor.Verify;

namespace Salvor.Restore.Salvage;

/// <summary>Makes a good data directory out of what survives of a damaged one.</summary>
/// <remarks>
/// The source is only read, and no lock is taken on it. The target is built beside its place and put there in one step,
/// by the same writer as a restore's: a crash leaves the target as it was. What was lost is said, never papered over.
/// </remarks>
public sealed class DirectorySalvage(IFileSystem files, TimeProvider time)
{
    /// <exception cref="SalvorException">
    /// The source is in use, nothing in it is usable, or the target can't be written.
    /// </exception>
    public SalvageReport Run(SalvageOptions options, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        Refuse(options);
        var findings = new FindingList();
        using var source = SourceFiles.Open(files, options.Source, findings);
        using var snapshot = OpenSnapshot(options, progress, ct);
        if (source.Database is null && source.ReceivedDatabases.Count == 0 && source.Segments.Count == 0)
        {
            throw new SalvorException(ErrorCode.Corrupt, $"{options.Source.Root} holds neither a database nor a log.")
            {
                Hint = "Name the directory that etcd's --data-dir names; with a separate --wal-dir, name that too.",
            };
        }

        var target = new MemberLayout(options.Target.DataDirectory, options.Target.WalDirectory);
        using var staged = StagedMember.Begin(files, target, options.Target.MayQuarantine, time);
        var builder = new CandidateBuilder(files, source, snapshot, staged.Layout.Root, findings, progress, ct);
        using var candidate = builder.PickBest() ?? throw NothingUsable(options, findings);
        RefuseUnreplayable(candidate);
        return Write(candidate, source, options, staged, findings, progress, started, ct);
    }

    private DatabaseFile? OpenSnapshot(SalvageOptions options, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        if (options.Snapshot is not { } path)
        {
            return null;
        }

        var snapshot = DatabaseFile.Open(files, path);
        try
        {
            if (snapshot.Kind != DatabaseFileKind.Snapshot)
            {
                throw new SalvorException(ErrorCode.Corrupt,
                    $"{path} has no hash at its end: it is a copied database, or a snapshot that was cut short.")
                {
                    Hint = "Name a snapshot as salvor backup or etcdctl snapshot save wrote it.",
                };
            }

            snapshot.CheckHash(progress, ct);
            return snapshot;
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
    }

    private SalvageReport Write(
        SalvageCandidate candidate,
        SourceFiles source,
        SalvageOptions options,
        StagedMember staged,
        FindingList findings,
        IProgress<WorkProgress>? progress,
        long started,
        CancellationToken ct)
    {
        progress?.Report(new WorkProgress("writing the database", 0, candidate.Base?.Source.Length ?? 0));
        var isCompacted = options.Target.IsCompacted || options.Target.RevisionBump > 0;
        var compactAt = isCompacted ? options.Target.Raise(candidate.Revision, options.Source.Root) : (long?)null;
        var content = new SalvagedContent(candidate, compactAt, ct);
        var member = options.Target.NewMember();
        var cluster = MemberIds.DeriveCluster([member.Id]);
        var writer = new MemberWriter(files, staged.Layout);
        var edits = new BackendEdits(member, MemberWriter.RaftIndex, MemberWriter.RaftTerm, content.CompactRevision);
        var backend = writer.WriteBackend(content, edits, options.Target.LeafPages);
        writer.WriteRaft(member, cluster);
        ct.ThrowIfCancellationRequested();
        RefuseChanged(source, options);
        var quarantines = staged.Commit();
        return new SalvageReport
        {
            Source = options.Source.Root,
            DataDirectory = options.Target.DataDirectory,
            PutTogetherFrom = SalvageText.PutTogetherFrom(candidate),
            IsComplete = candidate.IsComplete,
            Losses = SalvageText.Losses(candidate),
            Notes = SalvageText.Notes(candidate),
            Revision = candidate.Revision,
            RevisionAtStart = Math.Max(candidate.Revision, content.CompactRevision ?? 0),
            CompactRevision = Math.Max(0, content.CompactRevision ?? candidate.CompactRevision),
            RaftIndex = candidate.Index,
            RaftTerm = candidate.Replay?.Term ?? candidate.Base?.Meta.Term ?? 0,
            BaseIndex = candidate.Base?.Meta.ConsistentIndex ?? 0,
            Replayed = candidate.Replay?.Counts,
            Entries = backend.EntryCount,
            DatabaseBytes = backend.SizeBytes,
            Member = member,
            Cluster = cluster,
            ClusterToken = options.Target.ClusterToken,
            Findings = findings,
            Quarantines = quarantines,
            Elapsed = time.GetElapsedTime(started),
        };
    }

    private void RefuseChanged(SourceFiles source, SalvageOptions options)
    {
        LiveEtcd.Refuse(files, options.Source);
        if (source.FindChanged() is { } changed)
        {
            throw new SalvorException(ErrorCode.InUse,
                $"{changed} was changed while it was read: an etcd was started on it.")
            {
                Hint = "Keep etcd stopped (on kubeadm, move its manifest away), and run this again.",
            };
        }
    }

    private static void RefuseUnreplayable(SalvageCandidate candidate)
    {
        if (candidate.Stop is ReplayStop.AuthEnabled or ReplayStop.AuthChanged)
        {
            throw new SalvorException(ErrorCode.Failed,
                $"The log uses etcd's own users and roles (entry {candidate.Index + 1}): which of its requests were "
                + "let in can't be told without replaying them too, which this version of Salvor does not do.")
            {
                Hint = "Start etcd on a copy of the directory and take a snapshot there; or restore the newest "
                    + "snapshot.",
            };
        }
    }

    private static SalvorException NothingUsable(SalvageOptions options, FindingList findings) =>
        new(ErrorCode.Corrupt,
            $"Nothing in {options.Source.Root} can be used: the database can't be read, and the log does not begin "
            + $"with the cluster's first entry ({findings.Errors} errors were found).")
        {
            Hint = "Restore the newest snapshot; salvor verify lists what is wrong here.",
        };

    private void Refuse(SalvageOptions options)
    {
        options.Target.Require();
        var source = options.Source;
        var target = new MemberLayout(options.Target.DataDirectory, options.Target.WalDirectory);
        // A new directory beside the source's member may be the target: it is on the same volume, and etcd ignores it.
        string[] read = [source.Member, source.Wal];
        string[] replaced = [target.Member, target.Wal];
        var isOwnTarget = Place.IsSame(files, source.Root, target.Root)
            || replaced.Any(to => read.Any(from => Place.IsWithin(files, from, to) || Place.IsWithin(files, to, from)));
        if (isOwnTarget)
        {
            throw new SalvorException(ErrorCode.Usage, "The target must be another directory than the damaged one.")
            {
                Hint = "Salvage into a new directory, look at the report, and put it in place with mv.",
            };
        }
    }
}
