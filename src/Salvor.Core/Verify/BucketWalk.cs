using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Formats.Checksums;
using Salvor.Formats.Etcd;
using Salvor.Formats.Findings;
using Salvor.Progress;

namespace Salvor.Verify;

/// <summary>Walks every bucket of a database in name order, and checks what each holds.</summary>
internal sealed class BucketWalk
{
    private const long ReportEveryBytes = 8 << 20;

    private readonly IByteSource _source;
    private readonly BboltImage _image;
    private readonly IFindingSink _findings;
    private readonly IProgress<WorkProgress>? _progress;
    private readonly CancellationToken _ct;
    private readonly KeyspaceScan _keyspace;
    private readonly SmallBuckets _small;
    private readonly BackendMeta _meta;
    private uint _statusHash;
    private long _doneBytes;
    private long _nextReport = ReportEveryBytes;

    /// <summary>The keyspace's newest states, once the walk is done.</summary>
    public KeyIndex Keys => _keyspace.Keys;

    public BucketWalk(
        IByteSource source, BboltImage image, IFindingSink findings, IProgress<WorkProgress>? progress,
            CancellationToken ct)
    {
        _source = source;
        _image = image;
        _findings = findings;
        _progress = progress;
        _ct = ct;
        _small = new SmallBuckets(source.Name, findings);
        _meta = ReadMeta();
        _keyspace = new KeyspaceScan(source.Name, _meta, findings);
    }

    public DatabaseFacts Run()
    {
        foreach (var bucket in _image.ReadBuckets(ReportFault))
        {
            _statusHash = Crc32C.Append(_statusHash, bucket.Name);
            Walk(bucket);
        }

        CheckMeta();
        CheckLeases();
        return new DatabaseFacts
        {
            Meta = _meta,
            Revision = _keyspace.HeadRevision,
            CompactRevision = _keyspace.CompactRevision,
            LiveKeys = _keyspace.LiveKeyCount,
            Entries = _keyspace.EntryCount,
            Leases = _small.Leases.Count,
            Members = _small.Members,
            Alarms = _small.Alarms,
            AuthEnabled = _small.AuthEnabled,
            ClusterVersion = _small.ClusterVersion,
            StatusHash = _statusHash,
        };
    }

    /// <summary>Reads the keyspace once more for its hash. Only for a walk that found no error.</summary>
    public uint ComputeHashKv()
    {
        var again = BboltImage.OpenAs(_source, _image.Meta);
        var hash = new HashKv(_keyspace.Keys, _keyspace.CompactRevision);
        foreach (var bucket in again.ReadBuckets(again.Strict).Where(b => BucketNames.Key.SequenceEqual(b.Name)))
        {
            again.Visit(bucket, again.Strict, element => hash.Add(element.Key, element.Value));
        }

        return hash.Value;
    }

    private void Walk(Bucket bucket)
    {
        if (bucket.IsInline)
        {
            var offset = (long)bucket.ParentLeaf.Value * _image.Meta.PageSizeBytes;
            _image.Visit(bucket, ReportFault, element => Take(bucket, element, offset));
            return;
        }

        var cursor = _image.Walk(bucket, ReportFault);
        var doneBefore = _doneBytes;
        while (cursor.TryNextLeaf(out var leaf))
        {
            var offset = (long)cursor.LeafId.Value * _image.Meta.PageSizeBytes;
            for (var i = 0; i < leaf.Count; i++)
            {
                _ = leaf.TryRead(i, out var element);
                Take(bucket, element, offset);
            }

            _doneBytes = doneBefore + (cursor.LeafPages * _image.Meta.PageSizeBytes);
            ReportProgress();
        }
    }

    private void Take(Bucket bucket, LeafElement element, long offset)
    {
        _statusHash = Crc32C.Append(Crc32C.Append(_statusHash, element.Key), element.Value);
        if (element.IsBucket)
        {
            _findings.Report(new Finding(Severity.Error, "bbolt.bucket.nested", _source.Name, offset,
                $"bucket \"{bucket.NameText}\" holds a bucket of its own, {KeyText.Show(element.Key)}, which etcd "
                    + "never makes"));
            return;
        }

        if (BucketNames.Key.SequenceEqual(bucket.Name))
        {
            _keyspace.Add(element.Key, element.Value, offset);
        }
        else
        {
            _small.Add(bucket, element, offset);
        }
    }

    private void CheckMeta()
    {
        if (_keyspace.EntryCount > 0 && _meta.ConsistentIndex == 0)
        {
            Report(Severity.Error, "meta.index",
                "the keyspace has entries, and no applied raft index is stored: etcd would apply its log a second "
                    + "time");
        }

        if (_meta.FinishedCompactRevision > _meta.ScheduledCompactRevision)
        {
            Report(Severity.Warning, "meta.compact", $"a compaction ended at {_meta.FinishedCompactRevision} and was "
                + $"never begun (begun: {_meta.ScheduledCompactRevision})");
        }
        else if (_meta.IsCompacting)
        {
            Report(Severity.Info, "meta.compacting",
                $"a compaction at {_meta.ScheduledCompactRevision} was under way; etcd goes on with it when it starts");
        }
    }

    private void CheckLeases()
    {
        foreach (var (key, state) in _keyspace.Keys.All)
        {
            if (state.IsLive && state.Lease != 0 && !_small.Leases.Contains(state.Lease))
            {
                Report(Severity.Warning, "keyspace.lease",
                    $"{KeyText.Show(key)} hangs on lease {state.Lease:x}, which does not exist: it never expires");
            }
        }
    }

    /// <summary>
    /// The meta bucket is needed before the keyspace, and comes after it: it is read through a view of its own.
    /// </summary>
    private BackendMeta ReadMeta()
    {
        var meta = new BackendMeta();
        var view = BboltImage.OpenAs(_source, _image.Meta);
        foreach (var bucket in view.ReadBuckets(IgnoreFault).Where(b => BucketNames.Meta.SequenceEqual(b.Name)))
        {
            view.Visit(bucket, IgnoreFault, element => _ = meta.TryAdd(element.Key, element.Value, out meta));
        }

        return meta;
    }

    private void ReportProgress()
    {
        if (_doneBytes >= _nextReport)
        {
            _ct.ThrowIfCancellationRequested();
            _nextReport = _doneBytes + ReportEveryBytes;
            _progress?.Report(new WorkProgress("checking pages and entries", _doneBytes, _image.Meta.ImageBytes));
        }
    }

    private void ReportFault(TreeFault fault)
    {
        var severity = fault.LosesData ? Severity.Error : Severity.Warning;
        var lost = fault.IsPageLost ? $"; keys {Show(fault.LowerBound, "the first")} to "
            + $"{Show(fault.UpperBound, "the last")} can't be read" : "";
        _findings.Report(new Finding(severity, fault.Code, _source.Name, fault.Offset, fault.Message + lost));
    }

    private void Report(Severity severity, string code, string message) =>
        _findings.Report(new Finding(severity, code, _source.Name, Offset: null, message));

    private static string Show(byte[]? bound, string open) => bound switch
    {
        null => open,
        _ when RevisionKey.TryRead(bound, out var key) => key.Revision.ToString(),
        _ => KeyText.Show(bound),
    };

    private static void IgnoreFault(TreeFault fault)
    {
        // The walk proper reports it.
    }
}
