using Salvor.DataDirectory;
using Salvor.Formats.Etcd;
using Salvor.Platform;
using Salvor.Progress;

namespace Salvor.Restore;

/// <summary>Writes a new single member out of any content, up to the moment before it is put in place.</summary>
internal sealed class MemberBuild
{
    private readonly RestoreOptions _options;
    private readonly BackendWriter _backend;
    private readonly MemberRecord _member;
    private readonly ClusterId _cluster;

    private MemberBuild(RestoreOptions options, BackendWriter backend, MemberRecord member, ClusterId cluster)
    {
        _options = options;
        _backend = backend;
        _member = member;
        _cluster = cluster;
    }

    /// <param name="files">Where it is written.</param>
    /// <param name="staged">The place for it.</param>
    /// <param name="open">Opens the content, telling its progress; it is read twice when history is dropped.</param>
    /// <param name="source">What errors call the content.</param>
    /// <param name="options">What the member shall be.</param>
    /// <param name="progress">Hears of the writing.</param>
    /// <param name="ct">Ends the work.</param>
    public static MemberBuild Write(
        IFileSystem files,
        StagedMember staged,
        Func<IProgress<WorkProgress>?, IBackendContent> open,
        string source,
        RestoreOptions options,
        IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var member = options.NewMember();
        var cluster = MemberIds.DeriveCluster([member.Id]);
        var content = open(progress);
        long? compactRevision = null;
        if (options.IsCompacted || options.RevisionBump > 0)
        {
            var scan = StrictCheck.ScanKeyspace(open(null), source, ct);
            compactRevision = options.Raise(scan.HeadRevision, source);
            content = new CompactedHeadContent(content, scan.Keys, compactRevision.Value);
        }

        var writer = new MemberWriter(files, staged.Layout);
        var edits = new BackendEdits(member, MemberWriter.RaftIndex, MemberWriter.RaftTerm, compactRevision);
        var backend = writer.WriteBackend(content, edits, options.LeafPages);
        writer.WriteRaft(member, cluster);
        return new MemberBuild(options, backend, member, cluster);
    }

    /// <summary>What was made.</summary>
    public RestoreReport Report(
        string source, string? sha256, long sourceBytes, IReadOnlyList<string> quarantines, TimeSpan elapsed) => new()
        {
            Source = source,
            SourceSha256 = sha256,
            SourceBytes = sourceBytes,
            DataDirectory = _options.DataDirectory,
            DatabaseBytes = _backend.SizeBytes,
            Entries = _backend.EntryCount,
            Revision = Math.Max(1, Math.Max(_backend.LastRevision, _backend.Meta.CompactRevision)),
            CompactRevision = _backend.Meta.CompactRevision,
            Member = _member,
            Cluster = _cluster,
            ClusterToken = _options.ClusterToken,
            Quarantines = quarantines,
            Elapsed = elapsed,
        };
}
