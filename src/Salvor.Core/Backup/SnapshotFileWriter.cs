using System.Security.Cryptography;
using Salvor.Platform;

namespace Salvor.Backup;

/// <summary>Writes a snapshot stream to a file and hashes its image on the way.</summary>
/// <remarks>
/// The stream's last 32 bytes are the hash of all before them, and only its end tells which they are: so the last
/// 32 bytes seen are always held back from the hash.
/// </remarks>
internal sealed class SnapshotFileWriter(IFile file) : IDisposable
{
    public const int HashBytes = 32;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _held = new byte[HashBytes];
    private int _heldBytes;
    private long _writtenBytes;

    public long WrittenBytes => Interlocked.Read(ref _writtenBytes);

    /// <summary>The last 32 bytes written: the hash that etcd sent, once the stream has ended.</summary>
    public ReadOnlySpan<byte> TrailingHash => _held;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var offset = _writtenBytes;
        file.WriteAt(offset, bytes);
        file.StartWriteback(offset, bytes.Length);
        Interlocked.Exchange(ref _writtenBytes, offset + bytes.Length);
        HashAllButTheLast(bytes);
    }

    /// <summary>The hash of everything but the last 32 bytes.</summary>
    public byte[] FinishImageHash() => _hash.GetHashAndReset();

    public void Dispose() => _hash.Dispose();

    private void HashAllButTheLast(ReadOnlySpan<byte> bytes)
    {
        // Of what was held back, whatever now lies more than 32 bytes before the end goes to the hash.
        var released = Math.Clamp(_heldBytes + bytes.Length - HashBytes, 0, _heldBytes);
        _hash.AppendData(_held, 0, released);
        _held.AsSpan(released, _heldBytes - released).CopyTo(_held);
        _heldBytes -= released;

        var hashed = Math.Max(0, bytes.Length - HashBytes);
        _hash.AppendData(bytes[..hashed]);
        bytes[hashed..].CopyTo(_held.AsSpan(_heldBytes));
        _heldBytes += bytes.Length - hashed;
    }
}
