using System.Globalization;
using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Etcd;
using Salvor.Formats.RaftWal;
using Salvor.Platform;
using Salvor.Progress;
using Salvor.Verify;

namespace Salvor.Inspect;

/// <summary>Looks into a snapshot, a database or the data directory of a stopped etcd, and changes nothing.</summary>
/// <remarks>Reads behind damage as far as it can; verify says what the damage is.</remarks>
public sealed class Inspector(IFileSystem files)
{
    /// <summary>Adds up what is stored.</summary>
    /// <param name="path">A snapshot, a database file, or a data directory.</param>
    /// <param name="top">How many resources, namespaces and keys to name, largest first.</param>
    /// <param name="progress">Told now and then.</param>
    /// <param name="ct">Ends the work.</param>
    public Inspection Run(string path, int top, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var layout = Layout(path);
        using var file = DatabaseFile.Open(files, layout?.Database ?? path);
        var image = BboltImage.OpenDamaged(file.Image);
        var findings = new FindingList();
        var walk = new BucketWalk(file.Image, image, findings, progress, ct);
        var facts = walk.Run() with
        {
            PageSizeBytes = image.Meta.PageSizeBytes,
            Pages = (long)image.Meta.HighWaterMark.Value,
            FreePages = new FreelistCheck(image, file.Path, findings).Run(),
            ImageBytes = image.Meta.ImageBytes,
        };
        var inspection = Inspection.Of(path, facts, walk.Keys, findings.Errors, top);
        return layout is null ? inspection : inspection with { Log = SummarizeLog(layout, ct) };
    }

    /// <summary>The keys that begin with a prefix, in order, as of a revision.</summary>
    public IReadOnlyCollection<KeyEntry> List(string path, byte[] prefix, long? revision, CancellationToken ct) =>
        Look(path, revision, key => key.AsSpan().StartsWith(prefix), keepsValues: false, ct);

    /// <summary>One key with its value, as of a revision.</summary>
    /// <exception cref="SalvorException">It did not exist then.</exception>
    public KeyEntry Get(string path, byte[] key, long? revision, CancellationToken ct) =>
        Look(path, revision, candidate => candidate.AsSpan().SequenceEqual(key), keepsValues: true, ct).FirstOrDefault()
        ?? throw new SalvorException(ErrorCode.NotFound,
            $"There is no key {KeyText.Show(key)}{(revision is { } r ? $" at revision {r}" : "")}.")
        {
            Hint = "salvor inspect PATH --keys PREFIX lists the keys.",
        };

    private IReadOnlyCollection<KeyEntry> Look(
        string path, long? wanted, Func<byte[], bool> isWanted, bool keepsValues, CancellationToken ct)
    {
        using var file = DatabaseFile.Open(files, Layout(path)?.Database ?? path);
        var image = BboltImage.OpenDamaged(file.Image);
        var bounds = new BucketWalk(file.Image, image, new FindingList(), progress: null, ct).Run();
        var revision = KeyLookup.Choose(wanted, bounds.Revision, bounds.CompactRevision);
        var lookup = new KeyLookup(isWanted, revision, keepsValues);
        var again = BboltImage.OpenAs(file.Image, image.Meta);
        foreach (var bucket in again.ReadBuckets(PassOver).Where(b => BucketNames.Key.SequenceEqual(b.Name)))
        {
            again.Visit(bucket, PassOver, element => lookup.Add(element.Key, element.Value));
        }

        return lookup.Live;
    }

    private static void PassOver(TreeFault fault)
    {
        // What can be read is shown; verify lists what can't.
    }

    private MemberLayout? Layout(string path)
    {
        if (files.Stat(path) is not { IsDirectory: true })
        {
            return null;
        }

        var layout = new MemberLayout(path);
        if (files.Stat(layout.Database) is null)
        {
            throw new SalvorException(ErrorCode.WrongKind,
                $"{path} is no etcd data directory: it has no member/snap/db.")
            {
                Hint = "Name the directory that etcd's --data-dir names, a snapshot, or a database file.",
            };
        }

        LiveEtcd.Refuse(files, layout);
        return layout;
    }

    private LogSummary SummarizeLog(MemberLayout layout, CancellationToken ct)
    {
        using var segments = WalSegments.Open(files, layout.Wal);
        var log = WalScanner.Scan(segments.All, firstIndexWanted: ulong.MaxValue, new FindingList(), ct);
        return new LogSummary(segments.All.Count, log.FirstIndexSeen, log.LastIndexSeen, log.State?.Commit,
            log.Metadata?.ClusterId.ToString("x", CultureInfo.InvariantCulture),
                log.Metadata?.MemberId.ToString("x", CultureInfo.InvariantCulture),
            [.. files.List(layout.Snap).Where(n => n.EndsWith(".snap", StringComparison.Ordinal))]);
    }
}
