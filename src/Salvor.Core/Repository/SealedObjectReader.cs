using Salvor.Formats;
using ZstdSharp;

namespace Salvor.Repository;

/// <summary>Reads a sealed object's frames in order, and insists on an end where the last frame says so.</summary>
internal sealed class SealedObjectReader : IDisposable
{
    private readonly string _source;
    private readonly ReadOnlyMemory<byte> _object;
    private readonly FrameOpener _frames;
    private readonly Decompressor _decompressor;
    private readonly Action<Decompressor> _giveBack;
    private int _offset = SealedLayout.HeaderBytes;
    private uint _number;
    private bool _isAtEnd;
    private bool _isDisposed;

    public SealedObjectReader(
        string source,
        ReadOnlyMemory<byte> sealedObject,
        FrameOpener frames,
        Decompressor decompressor,
        Action<Decompressor> giveBack)
    {
        _source = source;
        _object = sealedObject;
        _frames = frames;
        _decompressor = decompressor;
        _giveBack = giveBack;
    }

    /// <summary>Opens all frames.</summary>
    /// <exception cref="CorruptDataException">It is damaged, or more than the caller is ready for.</exception>
    public void ReadAll(ContentBuffer content, int contentBytesMax)
    {
        content.Reserve((int)Math.Min(contentBytesMax, RoomForAll()));
        while (TryPeek(out var frameBytes))
        {
            if (frameBytes > contentBytesMax - content.LengthBytes)
            {
                throw new CorruptDataException(_source, 0, $"it holds more than {contentBytesMax} bytes");
            }

            Read(content.Extend(frameBytes));
        }
    }

    /// <summary>
    /// What the headers say, which nothing vouches for yet: no more than eight times the bytes that are really there.
    /// </summary>
    private long RoomForAll()
    {
        var total = 0L;
        var offset = (long)_offset;
        while (offset < _object.Length)
        {
            var header = _frames.ReadHeader(_object.Span[(int)offset..], offset);
            (offset, total) = (offset + header.FrameBytes, total + header.ContentBytes);
        }

        return Math.Min(total, 8L * _object.Length);
    }

    /// <summary>How much content the next frame has; false after the last one.</summary>
    public bool TryPeek(out int contentBytes)
    {
        if (_isAtEnd)
        {
            contentBytes = 0;
            return false;
        }

        contentBytes = _frames.ReadHeader(_object.Span[_offset..], _offset).ContentBytes;
        return true;
    }

    /// <summary>Opens the next frame into a buffer of exactly the length that <see cref="TryPeek"/> told.</summary>
    public void Read(Span<byte> content)
    {
        var rest = _object.Span[_offset..];
        var header = _frames.ReadHeader(rest, _offset);
        _frames.Open(_number, rest, _offset, content);
        _number++;
        _offset += header.FrameBytes;
        _isAtEnd = header.IsLast;
        if (_isAtEnd && _offset != _object.Length)
        {
            throw new CorruptDataException(_source, _offset,
                $"{_object.Length - _offset} bytes follow the last frame");
        }
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _frames.Dispose();
            _giveBack(_decompressor);
        }
    }
}
