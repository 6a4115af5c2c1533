using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd;
using Salvor.Formats.Findings;
using Salvor.Verify;

namespace Salvor.Restore.Salvage;

/// <summary>A database, possibly damaged, as of one of its commits: what can be read of it, and what can't.</summary>
internal sealed class DatabaseSurvey : IBackendContent
{
    private readonly IByteSource _source;
    private readonly Meta _meta;
    private readonly List<KeyGap> _gaps = [];
    private readonly HashSet<PageId> _brokenPages = [];
    private readonly SortedSet<string> _damagedBuckets = new(StringComparer.Ordinal);
    private IReadOnlyList<FoundEntry> _found = [];
    private byte[][] _bucketNames = [];
    private long _mainCount;
    private long _lastMain;

    private DatabaseSurvey(IByteSource source, Meta meta, string what)
    {
        _source = source;
        _meta = meta;
        What = what;
    }

    /// <summary>What the report calls it.</summary>
    public string What { get; }

    public IByteSource Source => _source;

    public int PageSizeBytes => _meta.PageSizeBytes;

    public IReadOnlyCollection<byte[]> BucketNames => _bucketNames;

    public BackendMeta Meta { get; private set; } = new();

    public KeyspaceScan Keyspace { get; private set; } = null!;

    public List<LeaseRecord> Leases { get; } = [];

    public List<AlarmRecord> Alarms { get; } = [];

    public List<MemberRecord> Members { get; } = [];

    public bool IsAuthEnabled { get; private set; }

    /// <summary>Parts of the keyspace that the tree no longer leads to, before anything was found again.</summary>
    public IReadOnlyList<KeyGap> Gaps => _gaps;

    /// <summary>Entries found again on pages that no tree leads to.</summary>
    public int FoundEntryCount => _found.Count;

    /// <summary>Buckets of which a part can't be read.</summary>
    public IReadOnlyCollection<string> DamagedBuckets => _damagedBuckets;

    /// <summary>Whether all is there and proven, so that a log can be replayed on it.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>
    /// Main revisions that are not there although they should be: those missing above the compaction, and for each gap
    /// in what a compaction left at least one.
    /// </summary>
    public long RevisionsMissing => IsWhole
        ? 0
        : Math.Max(0, Keyspace.HeadRevision - Math.Max(1, Keyspace.CompactRevision) - _mainCount)
            + _gaps.Count(g => g.FirstMain <= Keyspace.CompactRevision);

    /// <summary>Reads everything once, and again where something was cut off.</summary>
    public static DatabaseSurvey Read(
        IByteSource source, Meta meta, string what, IFindingSink findings, CancellationToken ct)
    {
        var survey = new DatabaseSurvey(source, meta, what);
        survey.ReadMeta(findings);
        var walked = survey.ReadAll(findings, ct);
        if (survey._gaps.Count > 0)
        {
            survey.FindLost(walked, ct);
        }

        var keyspace = new CountingSink(findings);
        survey.Keyspace = new KeyspaceScan(source.Name, survey.Meta, keyspace);
        survey.Visit(Formats.Etcd.BucketNames.Key, survey.ScanEntry);
        survey.RequireIndex(findings);
        survey.IsWhole = survey._damagedBuckets.All(b => b == "key")
            && keyspace.Errors == 0 && survey.AreGapsProvenClosed();
        return survey;
    }

    public void Visit(ReadOnlySpan<byte> bucket, EntryVisitor visit)
    {
        var image = BboltImage.OpenAs(_source, _meta);
        foreach (var found in image.ReadBuckets(Ignore))
        {
            if (!bucket.SequenceEqual(found.Name))
            {
                continue;
            }

            if (bucket.SequenceEqual(Formats.Etcd.BucketNames.Key))
            {
                VisitKeyspace(image, found, visit);
            }
            else
            {
                var isMeta = bucket.SequenceEqual(Formats.Etcd.BucketNames.Meta);
                image.Visit(found, Ignore, element =>
                {
                    if (!isMeta || new BackendMeta().TryAdd(element.Key, element.Value, out _))
                    {
                        visit(element.Key, element.Value);
                    }
                });
            }
        }
    }

    /// <summary>Looks up entries of the keyspace by revision.</summary>
    public TreeLookup? OpenLookup()
    {
        var image = BboltImage.OpenAs(_source, _meta);
        var bucket = image.ReadBuckets(Ignore).FirstOrDefault(b => Formats.Etcd.BucketNames.Key.SequenceEqual(b.Name));
        return bucket is null ? null : new TreeLookup(image, bucket);
    }

    private static void Ignore(TreeFault fault)
    {
        // The first walk reports it.
    }

    private void ScanEntry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (RevisionKey.TryRead(key, out var entry)
            && entry.Revision.Main > Math.Max(_lastMain, Keyspace.CompactRevision))
        {
            _mainCount++;
            _lastMain = entry.Revision.Main;
        }

        Keyspace.Add(key, value, offset: 0);
    }

    private void ReadMeta(IFindingSink findings)
    {
        var image = BboltImage.OpenAs(_source, _meta);
        var buckets = image.ReadBuckets(Ignore);
        foreach (var bucket in buckets.Where(b => Formats.Etcd.BucketNames.Meta.SequenceEqual(b.Name)))
        {
            image.Visit(bucket, Ignore, element =>
            {
                if (Meta.TryAdd(element.Key, element.Value, out var meta))
                {
                    Meta = meta;
                    return;
                }

                _damagedBuckets.Add("meta");
                findings.Report(new Finding(Severity.Error, "meta.entry", _source.Name, null,
                    $"the entry {KeyText.Show(element.Key)} of bucket \"meta\" can't be read"));
            });
        }
    }

    /// <summary>
    /// Without its applied index nobody knows where in the log a database stands: to replay from the start would apply
    /// everything twice.
    /// </summary>
    private void RequireIndex(IFindingSink findings)
    {
        if (Keyspace.EntryCount > 0 && Meta.ConsistentIndex == 0)
        {
            _damagedBuckets.Add("meta");
            findings.Report(new Finding(Severity.Error, "meta.index", _source.Name, null,
                "the keyspace has entries, and no applied raft index is stored"));
        }
    }

    private BboltImage ReadAll(IFindingSink findings, CancellationToken ct)
    {
        var image = BboltImage.OpenAs(_source, _meta);
        var buckets = image.ReadBuckets(fault => Take(fault, "the list of buckets", findings));
        _bucketNames = [.. buckets.Select(b => b.Name).Distinct(ByteKeyComparer.Instance)];
        foreach (var bucket in buckets)
        {
            ct.ThrowIfCancellationRequested();
            image.Visit(bucket, fault => Take(fault, bucket.NameText, findings), element => TakeSmall(bucket, element));
        }

        if (!buckets.Any(b => Formats.Etcd.BucketNames.Key.SequenceEqual(b.Name)))
        {
            _damagedBuckets.Add("the list of buckets");
            _gaps.Add(new KeyGap(null, null));
        }

        return image;
    }

    private void Take(TreeFault fault, string bucket, IFindingSink findings)
    {
        var severity = fault.IsPageLost ? Severity.Error : Severity.Warning;
        findings.Report(new Finding(severity, fault.Code, _source.Name, fault.Offset, fault.Message));
        if (!fault.IsPageLost)
        {
            return;
        }

        _damagedBuckets.Add(bucket);
        if (bucket == "key")
        {
            _gaps.Add(KeyGap.Of(fault));
            _brokenPages.Add(fault.Page);
        }
    }

    private void TakeSmall(Bucket bucket, LeafElement element)
    {
        if (Formats.Etcd.BucketNames.Lease.SequenceEqual(bucket.Name)
            && LeaseRecord.TryRead(element.Key, element.Value, out var lease))
        {
            Leases.Add(lease);
        }
        else if (Formats.Etcd.BucketNames.Alarm.SequenceEqual(bucket.Name)
            && AlarmRecord.TryRead(element.Key, out var alarm))
        {
            Alarms.Add(alarm);
        }
        else if (Formats.Etcd.BucketNames.Members.SequenceEqual(bucket.Name)
            && MemberRecord.TryRead(element.Value) is { } member)
        {
            Members.Add(member);
        }
        else if (Formats.Etcd.BucketNames.Auth.SequenceEqual(bucket.Name) && element.Key.SequenceEqual("authEnabled"u8))
        {
            IsAuthEnabled = element.Value is [1, ..];
        }
    }

    private void FindLost(BboltImage walked, CancellationToken ct)
    {
        var found = new LostLeafSearch(walked, _gaps, _brokenPages).Run(ct);
        var compacted = Meta.CompactRevision;
        if (found.All(e => e.Key.Revision.Main > compacted))
        {
            _found = found;
            return;
        }

        // What lies at or below the compaction may have been removed on purpose. It counts where nothing newer of its
        // key is known.
        var newest = NewestByKey(found);
        _found = [.. found.Where(e => e.Key.Revision.Main > compacted || newest.Contains(e.Key.Revision))];
    }

    private HashSet<Revision> NewestByKey(IReadOnlyList<FoundEntry> found)
    {
        _found = found;
        var newest = new Dictionary<byte[], Revision>(ByteKeyComparer.Instance);
        Visit(Formats.Etcd.BucketNames.Key, (key, value) =>
        {
            if (RevisionKey.TryRead(key, out var entry) && KeyValue.TryRead(value, out var content))
            {
                newest[content.Key.ToArray()] = entry.Revision;
            }
        });
        return [.. newest.Values];
    }

    /// <summary>
    /// Whether what was found again fills the gaps beyond doubt: above the compaction, revisions without a gap between
    /// them prove it (the keyspace's own check looks), unless the very end may be missing.
    /// </summary>
    private bool AreGapsProvenClosed()
    {
        var compacted = Meta.CompactRevision;
        return _gaps.All(g => g.Upper is not null && g.FirstMain > compacted);
    }

    private void VisitKeyspace(BboltImage image, Bucket bucket, EntryVisitor visit)
    {
        var next = 0;
        var foundPages = BboltImage.OpenAs(_source, _meta);
        image.Visit(bucket, Ignore, element =>
        {
            if (!RevisionKey.TryRead(element.Key, out var key) || !KeyValue.TryRead(element.Value, out _))
            {
                return;
            }

            for (; next < _found.Count && _found[next].Key.Revision < key.Revision; next++)
            {
                Show(foundPages, _found[next], visit);
            }

            next += next < _found.Count && _found[next].Key.Revision == key.Revision ? 1 : 0;
            visit(element.Key, element.Value);
        });
        for (; next < _found.Count; next++)
        {
            Show(foundPages, _found[next], visit);
        }
    }

    private static void Show(BboltImage image, FoundEntry entry, EntryVisitor visit)
    {
        if (image.TryReadPage(entry.Page, out var page) && new LeafPage(page).TryRead(entry.Index, out var element))
        {
            visit(element.Key, element.Value);
        }
    }
}
