using System.Buffers.Binary;
using Salvor.Formats;

namespace Salvor.Repository.Log;

/// <summary>Reads a segment's content in order, strictly: what breaks the format is an error with its offset.</summary>
/// <remarks>
/// Ask for revisions until there are none, and within each for its changes. The end is checked too: bytes that follow
/// the last revision are as wrong as missing ones. Nothing is copied: changes point into the content.
/// </remarks>
public sealed class SegmentReader : IDisposable
{
    private const int LeaseBytesMin = sizeof(ulong) + 1;
    private const int ChangeBytesMin = 2;

    private readonly string _source;
    private readonly ReadOnlyMemory<byte> _content;
    private readonly IDisposable? _owner;
    private int _position;
    private long _timeMilliseconds;
    private long _changesLeft;

    /// <param name="source">The object, for errors.</param>
    /// <param name="name">The name that the object has; the content must have the same range.</param>
    /// <param name="content">The opened content; must stay as it is while this reads.</param>
    /// <param name="owner">Whom the content goes back to with this; null for nobody.</param>
    /// <exception cref="CorruptDataException">The header breaks the format, or is of another segment.</exception>
    public SegmentReader(string source, SegmentName name, ReadOnlyMemory<byte> content, IDisposable? owner = null)
    {
        _source = source;
        _owner = owner;
        _content = content;
        Header = ReadHeader();
        if (Header.FirstRevision != name.First || Header.LastRevision != name.Last)
        {
            throw Corrupt(0, $"it holds revisions {Header.FirstRevision} to {Header.LastRevision}, and its name says "
                + $"{name.First} to {name.Last}");
        }

        Revision = Header.FirstRevision - 1;
        _timeMilliseconds = Header.FirstTime.ToUnixTimeMilliseconds();
    }

    public SegmentHeader Header { get; }

    /// <summary>How long the content is.</summary>
    public int ContentBytes => _content.Length;

    /// <summary>The revision whose changes come next.</summary>
    public long Revision { get; private set; }

    /// <summary>When it was seen, by the writer's clock. Never before that of the revision before it.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(_timeMilliseconds);

    /// <summary>Moves to the next revision, passing over changes of this one that were not asked for.</summary>
    /// <returns>False after the last one, with the content's end checked.</returns>
    public bool TryReadRevision()
    {
        while (TryReadChange(out _))
        {
        }

        if (Revision == Header.LastRevision)
        {
            return _position == _content.Length
                ? false
                : throw Corrupt(_position, $"{_content.Length - _position} bytes follow the last revision");
        }

        Revision++;
        var latest = Revision == Header.FirstRevision ? 0 : SegmentLimits.TimeMax - _timeMilliseconds;
        _timeMilliseconds += (long)ReadVarint((ulong)latest, "a time after the one before");
        var start = _position;
        _changesLeft = (long)ReadVarint((ulong)(_content.Length - _position) / ChangeBytesMin, "a number of changes");
        return _changesLeft > 0 ? true : throw Corrupt(start, $"revision {Revision} has no change");
    }

    /// <summary>The next change of this revision; false after its last one.</summary>
    public bool TryReadChange(out SegmentChange change)
    {
        change = default;
        if (_changesLeft == 0)
        {
            return false;
        }

        var start = _position;
        var kind = Take(1, "a change")[0];
        if (kind > (byte)ChangeKind.Delete)
        {
            throw Corrupt(start, $"a change is of kind {kind}");
        }

        var length = (int)ReadVarint((ulong)(_content.Length - _position), "a change's length");
        if (length > _content.Length - _position)
        {
            throw Corrupt(start, $"a change announces {length} bytes, and {_content.Length - _position} are left");
        }

        change = new SegmentChange((ChangeKind)kind, _content.Slice(_position, length));
        _position += length;
        _changesLeft--;
        return true;
    }

    /// <summary>Ends it: changes that it gave are no longer to be looked at.</summary>
    public void Dispose() => _owner?.Dispose();

    private SegmentHeader ReadHeader()
    {
        var first = (long)ReadVarint((ulong)SegmentLimits.RevisionMax, "the first revision");
        var last = (long)ReadVarint((ulong)SegmentLimits.RevisionMax, "the last revision");
        if (first == 0 || last < first)
        {
            throw Corrupt(0, $"revisions {first} to {last} are no range");
        }

        var time = (long)ReadVarint((ulong)SegmentLimits.TimeMax, "the time");
        var origin = new SegmentOrigin(
            ReadFixed("the cluster's id"),
            ReadFixed("the member's id"),
            ReadVarint(ulong.MaxValue, "the raft index"),
            ReadVarint(ulong.MaxValue, "the raft term"));
        return new SegmentHeader
        {
            FirstRevision = first,
            LastRevision = last,
            FirstTime = DateTimeOffset.FromUnixTimeMilliseconds(time),
            Origin = origin,
            Leases = ReadLeases(),
        };
    }

    private SegmentLease[] ReadLeases()
    {
        // The count is bounded by what is left, so that it can't ask for more memory than the content has.
        var count = ReadVarint((ulong)(_content.Length - _position) / LeaseBytesMin, "the number of leases");
        var leases = new SegmentLease[count];
        for (var i = 0; i < leases.Length; i++)
        {
            var id = unchecked((long)ReadFixed("a lease"));
            leases[i] = new SegmentLease(id, (long)ReadVarint(long.MaxValue, "a lease's time to live"));
        }

        return leases;
    }

    private ulong ReadFixed(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong), what));

    private ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > _content.Length - _position)
        {
            throw Corrupt(_position, $"the content ends within {what}");
        }

        var taken = _content.Span.Slice(_position, count);
        _position += count;
        return taken;
    }

    /// <summary>A number has one spelling: a needless zero byte at its end is refused as well.</summary>
    private ulong ReadVarint(ulong max, string what)
    {
        var start = _position;
        var bytes = _content.Span;
        var value = 0UL;
        for (var shift = 0; shift < 64 && _position < bytes.Length; shift += 7)
        {
            var part = bytes[_position++];
            value |= unchecked((ulong)(part & 0x7F) << shift);
            if (part >= 0x80)
            {
                continue;
            }

            if ((part == 0 && shift > 0) || (shift == 63 && part > 1))
            {
                break;
            }

            return value <= max ? value : throw Corrupt(start, $"{what} is {value}, more than {max}");
        }

        throw Corrupt(start, $"{what} is no number, or cut off");
    }

    private CorruptDataException Corrupt(long offset, string fault) => new(_source, offset, fault);
}
