using System.Diagnostics.CodeAnalysis;

namespace Salvor.Formats.RaftWal;

/// <summary>Reads a WAL as etcd does: in order, and no further than the first thing that is wrong.</summary>
/// <remarks>
/// When <see cref="TryRead"/> says no, <see cref="Fault"/> and <see cref="Position"/> say why and where.
/// </remarks>
public sealed class WalReader(IReadOnlyList<WalSegment> segments)
{
    private readonly IReadOnlyList<WalSegment> _segments = segments;
    private WalFrameReader? _frames;
    private int _segment;
    private long _offset;
    private uint _running;

    /// <summary>Why reading stopped: <see cref="WalFault.EndOfData"/> at a good WAL's end.</summary>
    public WalFault Fault { get; private set; }

    /// <summary>Where the last record read begins, or where reading stopped.</summary>
    public WalPosition Position { get; private set; }

    /// <summary>
    /// Whether the fault is what a crash in the middle of a write leaves, so that etcd would truncate and go on.
    /// </summary>
    public bool IsTorn { get; private set; }

    /// <summary>The sum over all that was read.</summary>
    public uint RunningCrc => _running;

    /// <summary>Moves to the next record, which is valid until the call after.</summary>
    public bool TryRead(out WalRecord record)
    {
        record = default;
        while (Fault == WalFault.None && _segment < _segments.Count)
        {
            _frames ??= new WalFrameReader(_segments[_segment].Source);
            Position = new WalPosition(_segment, _offset);
            var fault = WalChain.TryRead(_frames, _offset, ref _running, out var frame, out record);
            if (fault == WalFault.None)
            {
                _offset = frame.EndOffset;
                return true;
            }

            if (fault != WalFault.EndOfData)
            {
                Stop(fault, frame);
                return false;
            }

            if (!TryNextSegment())
            {
                break;
            }
        }

        Fault = Fault == WalFault.None ? WalFault.EndOfData : Fault;
        return false;
    }

    /// <summary>Ends quietly at a good end and at a torn tail; throws on anything else.</summary>
    /// <exception cref="CorruptDataException">The WAL is damaged.</exception>
    public void RequireCleanEnd()
    {
        if (Fault is not (WalFault.None or WalFault.EndOfData) && !IsTorn)
        {
            ThrowFault();
        }
    }

    [DoesNotReturn]
    private void ThrowFault() =>
        throw new CorruptDataException(
            _segments[Position.Segment].Source.Name, Position.Offset, WalFaultText.Describe(Fault));

    private bool TryNextSegment()
    {
        if (_segment + 1 >= _segments.Count)
        {
            return false;
        }

        _segment++;
        _offset = 0;
        _frames = null;
        return true;
    }

    private void Stop(WalFault fault, WalFrame frame)
    {
        Fault = fault;
        var isLast = _segment == _segments.Count - 1;
        IsTorn = isLast && fault switch
        {
            WalFault.FrameBeyondEnd => true,
            WalFault.CrcMismatch or WalFault.Malformed when !frame.Payload.IsEmpty => TornWrite.Explains(
                _frames!.Bytes(frame.Offset + WalFrame.HeaderBytes, frame.Payload.Length + frame.PaddingBytes),
                frame.Offset + WalFrame.HeaderBytes),
            _ => false,
        };
    }
}
