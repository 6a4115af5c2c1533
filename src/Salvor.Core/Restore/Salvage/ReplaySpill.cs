using System.Buffers;
using System.Buffers.Binary;
using Salvor.Formats;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Etcd;
using Salvor.Formats.Etcd.Replay;
using Salvor.Platform;

namespace Salvor.Restore.Salvage;

/// <summary>
/// Keeps the entries that a replay makes in a file beside the target, and reads old values from the base.
/// </summary>
/// <remarks>A record: size of the key u32, size of the value u32, little-endian; key; value.</remarks>
internal sealed class ReplaySpill : IReplayStore, IDisposable
{
    private const int HeaderBytes = 8;
    private const int BufferBytes = 1 << 20;

    private readonly IFileSystem _files;
    private readonly string _path;
    private readonly IFile _file;
    private readonly TreeLookup? _base;
    private readonly byte[] _keyBytes = new byte[RevisionKey.TombstoneBytes];
    private byte[] _buffer = new byte[BufferBytes];
    private int _buffered;
    private long _written;

    public ReplaySpill(IFileSystem files, string path, TreeLookup? lookup)
    {
        _files = files;
        _path = path;
        _base = lookup;
        _file = files.CreateNew(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public bool TryReadBase(Revision revision, IBufferWriter<byte> keyValue)
    {
        var key = _keyBytes.AsSpan(0, RevisionKey.PutBytes);
        new RevisionKey(revision, IsTombstone: false).Write(key);
        if (_base is null || !_base.TryFind(key, out var element))
        {
            return false;
        }

        keyValue.Write(element.Value);
        return true;
    }

    public long Append(RevisionKey key, ReadOnlySpan<byte> keyValue)
    {
        var size = HeaderBytes + key.SizeBytes + keyValue.Length;
        if (_buffered + size > _buffer.Length)
        {
            Flush();
            _buffer = size > _buffer.Length ? new byte[size] : _buffer;
        }

        var place = _written + _buffered;
        var record = _buffer.AsSpan(_buffered, size);
        BinaryPrimitives.WriteInt32LittleEndian(record, key.SizeBytes);
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], keyValue.Length);
        key.Write(record.Slice(HeaderBytes, key.SizeBytes));
        keyValue.CopyTo(record[(HeaderBytes + key.SizeBytes)..]);
        _buffered += size;
        return place;
    }

    public bool TryReadBack(long place, IBufferWriter<byte> keyValue)
    {
        Flush();
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (_file.ReadAt(place, header) != HeaderBytes)
        {
            return false;
        }

        var keySize = BinaryPrimitives.ReadInt32LittleEndian(header);
        var size = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        var value = keyValue.GetSpan(size)[..size];
        var isRead = _file.ReadAt(place + HeaderBytes + keySize, value) == size;
        keyValue.Advance(size);
        return isRead;
    }

    /// <summary>Shows all entries, in the order in which they were appended.</summary>
    public void Visit(EntryVisitor visit)
    {
        Flush();
        var window = new byte[BufferBytes];
        for (var offset = 0L; offset < _written;)
        {
            var count = _file.ReadAt(offset, window);
            var position = 0;
            while (TryTake(window.AsSpan(position, count - position), visit, out var size))
            {
                position += size;
            }

            if (position == 0)
            {
                if (count < window.Length)
                {
                    throw new CorruptDataException(_path, offset, "Salvor's own working file was cut short");
                }

                window = new byte[window.Length * 2]; // A record larger than the window.
            }

            offset += position;
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        if (_files.Stat(_path) is not null)
        {
            _files.DeleteOwnFile(_path);
        }
    }

    private static bool TryTake(ReadOnlySpan<byte> bytes, EntryVisitor visit, out int size)
    {
        size = 0;
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        var keySize = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        size = HeaderBytes + keySize + BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (bytes.Length < size)
        {
            return false;
        }

        visit(bytes.Slice(HeaderBytes, keySize), bytes[(HeaderBytes + keySize)..size]);
        return true;
    }

    private void Flush()
    {
        _file.WriteAt(_written, _buffer.AsSpan(0, _buffered));
        _written += _buffered;
        _buffered = 0;
    }
}
