using System.Buffers;
using System.Globalization;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Formats.Etcd;
using Salvor.Repository.Log;

namespace Salvor.Backup.Streaming;

/// <summary>Groups what a watch tells by revision, and finds out when they are not what they must be.</summary>
/// <remarks>
/// A revision is complete when a higher one begins, or when an answer ends that is not a fragment. What is stored for a
/// put are etcd's own bytes, and for a delete the key alone: exactly what etcd's own database has.
/// </remarks>
internal sealed class ChangeCollector(SegmentWriter segment, LeaseTable leases, TimeProvider time, string repository)
{
    private readonly ArrayBufferWriter<byte> _delete = new();
    private RevisionProof _complete = new();
    private RevisionProof _open = new();
    private long _openRevision;

    /// <summary>The last complete revision.</summary>
    public long Revision { get; private set; }

    /// <summary>When the oldest change of the segment was seen; meaningless while it is empty.</summary>
    public long SeenAt { get; private set; }

    /// <summary>Goes on after a revision, with nothing collected.</summary>
    public void StartAfter(long revision, RevisionProof? proof)
    {
        Revision = revision;
        _complete = proof ?? new RevisionProof();
        DiscardOpen();
    }

    /// <summary>Forgets the part of a revision that came before its watch broke.</summary>
    public void DiscardOpen()
    {
        segment.DiscardOpenRevision();
        _openRevision = 0;
    }

    /// <summary>Takes events until the answer's end or until the segment is full.</summary>
    /// <param name="answer">What the watch said.</param>
    /// <param name="offset">Where in it to go on.</param>
    /// <param name="flushBytes">When the segment is full.</param>
    public CollectResult Collect(WatchAnswer answer, ref int offset, int flushBytes)
    {
        while (true)
        {
            var before = offset;
            if (!answer.TryReadEvent(ref offset, out var change))
            {
                break;
            }

            if (!KeyValue.TryRead(change.KeyValue, out var pair) || pair.ModRevision < 1)
            {
                throw new SalvorException(ErrorCode.EtcdRefused, "etcd sent a change that can't be read.");
            }

            var revision = pair.ModRevision;
            if (_openRevision != 0 && revision > _openRevision)
            {
                Complete();
                if (segment.CompleteBytes >= flushBytes)
                {
                    offset = before; // This change is taken when the segment has been closed.
                    return CollectResult.Full;
                }
            }

            if (Place(revision) is { } result)
            {
                return result;
            }

            if (!Take(change, pair))
            {
                return CollectResult.TooLarge;
            }
        }

        if (answer.IsMalformed)
        {
            throw new SalvorException(ErrorCode.EtcdRefused, "etcd sent a watch answer that is no protobuf.");
        }

        if (_openRevision != 0 && !answer.IsFragment)
        {
            Complete();
        }

        return segment.CompleteBytes >= flushBytes ? CollectResult.Full : CollectResult.Done;
    }

    /// <summary>Where a revision stands: null where it is the one to be taken.</summary>
    private CollectResult? Place(long revision)
    {
        if (revision <= Revision)
        {
            return null;
        }

        if (_openRevision == 0)
        {
            if (revision != Revision + 1)
            {
                Missing = new RevisionGap(Revision + 1, revision - 1);
                return CollectResult.Gap;
            }

            _openRevision = revision;
            _open.Begin(revision);
            return null;
        }

        return revision == _openRevision ? null : throw new SalvorException(ErrorCode.EtcdRefused,
            string.Create(CultureInfo.InvariantCulture,
                $"etcd sent revision {revision} after revision {_openRevision}."));
    }

    /// <summary>What a watch left out, where <see cref="CollectResult.Gap"/> was said.</summary>
    public RevisionGap Missing { get; private set; }

    private bool Take(WatchEvent change, KeyValue pair)
    {
        var kind = change.IsDelete ? ChangeKind.Delete : ChangeKind.Put;
        var bytes = change.IsDelete ? KeyAlone(pair.Key) : change.KeyValue;
        if (pair.ModRevision <= Revision)
        {
            if (pair.ModRevision == _complete.Revision && !_complete.Agrees(kind, bytes))
            {
                throw HistoryGuard.Differs(pair.ModRevision, repository);
            }

            return true;
        }

        if (!segment.HasRoom(bytes.Length))
        {
            return false;
        }

        segment.AddChange(kind, bytes);
        _open.Add(kind, bytes);
        leases.Note(pair.Lease);
        return true;
    }

    private void Complete()
    {
        if (segment.IsEmpty)
        {
            SeenAt = time.GetTimestamp();
        }

        segment.CompleteRevision(_openRevision, time.GetUtcNow());
        Revision = _openRevision;
        _openRevision = 0;
        (_complete, _open) = (_open, _complete);
    }

    private ReadOnlySpan<byte> KeyAlone(ReadOnlySpan<byte> key)
    {
        _delete.ResetWrittenCount();
        new KeyValue { Key = key }.Write(_delete);
        return _delete.WrittenSpan;
    }
}
