using System.Buffers;
using System.Buffers.Binary;

namespace Salvor.Repository.Log;

/// <summary>Builds a segment's content, revision by revision. Used again for the next one, with the same buffers.</summary>
/// <remarks>The layout is that of docs/formats/repository.md, "Segments".</remarks>
public sealed class SegmentWriter
{
    private const int VarintBytesMax = 10;

    /// <summary>What a huge revision needed is given back instead of being kept for the next segment.</summary>
    private const int KeptCapacityBytes = 8 << 20;

    private ArrayBufferWriter<byte> _open = new();
    private ArrayBufferWriter<byte> _records = new();
    private readonly ArrayBufferWriter<byte> _header = new();
    private int _openChanges;
    private long _firstTime;
    private long _lastTime;

    /// <summary>The first revision; 0 while there is none.</summary>
    public long FirstRevision { get; private set; }

    /// <summary>The last complete revision; 0 while there is none.</summary>
    public long LastRevision { get; private set; }

    /// <summary>Whether there is no complete revision.</summary>
    public bool IsEmpty => FirstRevision == 0;

    /// <summary>Bytes of all complete revisions.</summary>
    public int CompleteBytes => _records.WrittenCount;

    /// <summary>Bytes of the revision that is not complete yet.</summary>
    public int OpenBytes => _open.WrittenCount;

    /// <summary>Whether the revision that is not complete yet has any change.</summary>
    public bool IsRevisionOpen => _openChanges > 0;

    /// <summary>Whether a change of so many bytes still fits into the open revision.</summary>
    public bool HasRoom(int changeBytes) =>
        (long)_open.WrittenCount + changeBytes + (4 * VarintBytesMax) <= SegmentLimits.ContentBytesMax / 2;

    /// <summary>Adds a change to the open revision.</summary>
    public void AddChange(ChangeKind kind, ReadOnlySpan<byte> bytes)
    {
        if (!HasRoom(bytes.Length))
        {
            throw new InvalidOperationException("The revision is too large for a segment.");
        }

        _open.GetSpan(1)[0] = (byte)kind;
        _open.Advance(1);
        WriteVarint(_open, (ulong)bytes.Length);
        _open.Write(bytes);
        _openChanges++;
    }

    /// <summary>Completes the open revision.</summary>
    /// <param name="revision">Its number: the one after the last.</param>
    /// <param name="time">When it was seen. A clock that went back counts as one that stood still.</param>
    public void CompleteRevision(long revision, DateTimeOffset time)
    {
        if (_openChanges == 0 || (!IsEmpty && revision != LastRevision + 1))
        {
            throw new InvalidOperationException(
                $"Revision {revision} with {_openChanges} changes can't follow revision {LastRevision}.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(revision, 1);
        var milliseconds = Math.Clamp(time.ToUnixTimeMilliseconds(), 0, SegmentLimits.TimeMax);
        if (IsEmpty)
        {
            FirstRevision = revision;
            _firstTime = milliseconds;
            _lastTime = milliseconds;
        }

        milliseconds = Math.Max(milliseconds, _lastTime);
        WriteVarint(_records, (ulong)(milliseconds - _lastTime));
        WriteVarint(_records, (ulong)_openChanges);
        _records.Write(_open.WrittenSpan);
        _lastTime = milliseconds;
        LastRevision = revision;
        DiscardOpenRevision();
    }

    /// <summary>Forgets the changes of the revision that is not complete.</summary>
    public void DiscardOpenRevision()
    {
        Empty(ref _open);
        _openChanges = 0;
    }

    /// <summary>The content of what is complete.</summary>
    /// <returns>A buffer of the pool; the caller gives it back.</returns>
    public SegmentContent Finish(SegmentOrigin origin, IReadOnlyCollection<SegmentLease> leases)
    {
        if (IsEmpty)
        {
            throw new InvalidOperationException("A segment has at least one revision.");
        }

        WriteHeader(origin, leases);
        var content = SegmentContent.Of(_header.WrittenSpan, _records.WrittenSpan);
        _header.ResetWrittenCount();
        Empty(ref _records);
        FirstRevision = 0;
        LastRevision = 0;
        return content;
    }

    private void WriteHeader(SegmentOrigin origin, IReadOnlyCollection<SegmentLease> leases)
    {
        WriteVarint(_header, (ulong)FirstRevision);
        WriteVarint(_header, (ulong)LastRevision);
        WriteVarint(_header, (ulong)_firstTime);
        WriteFixed(origin.ClusterId);
        WriteFixed(origin.MemberId);
        WriteVarint(_header, origin.RaftIndex);
        WriteVarint(_header, origin.RaftTerm);
        WriteVarint(_header, (ulong)leases.Count);
        foreach (var lease in leases)
        {
            WriteFixed(unchecked((ulong)lease.Id));
            WriteVarint(_header, (ulong)Math.Max(0, lease.TimeToLiveSeconds));
        }
    }

    private void WriteFixed(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_header.GetSpan(sizeof(ulong)), value);
        _header.Advance(sizeof(ulong));
    }

    private static void WriteVarint(ArrayBufferWriter<byte> output, ulong value)
    {
        var span = output.GetSpan(VarintBytesMax);
        var count = 0;
        while (value >= 0x80)
        {
            span[count++] = unchecked((byte)(value | 0x80));
            value >>= 7;
        }

        span[count++] = (byte)value;
        output.Advance(count);
    }

    private static void Empty(ref ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > KeptCapacityBytes)
        {
            buffer = new ArrayBufferWriter<byte>();
        }
        else
        {
            buffer.ResetWrittenCount();
        }
    }
}
