using System.Security.Cryptography;
using Salvor.Progress;
using Salvor.Repository.Snapshots;

namespace Salvor.Backup;

/// <summary>Parts a snapshot stream into the image, which goes to the repository, and the hash behind it.</summary>
internal sealed class RepositorySink(ImageWriter image, long imageBytes, IProgress<WorkProgress>? progress)
    : ISnapshotSink, IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _sentHash = new byte[SnapshotFileWriter.HashBytes];
    private long _taken;

    public void Take(ReadOnlySpan<byte> bytes)
    {
        var ofImage = (int)Math.Clamp(imageBytes - _taken, 0, bytes.Length);
        image.Append(bytes[..ofImage]);
        _hash.AppendData(bytes[..ofImage]);

        // What is too long is counted and not kept: the end then says by how much.
        var place = (int)Math.Clamp(_taken + ofImage - imageBytes, 0, _sentHash.Length);
        var ofHash = Math.Min(bytes.Length - ofImage, _sentHash.Length - place);
        bytes.Slice(ofImage, ofHash).CopyTo(_sentHash.AsSpan(place));
        _taken += bytes.Length;
        progress?.Report(new WorkProgress(SnapshotPump.Stage, Math.Min(_taken, imageBytes), imageBytes));
    }

    public ValueTask SettleAsync() => image.SettleAsync();

    /// <summary>Ends the image's hash, and says what is wrong with what came; null when nothing is.</summary>
    public string? Finish(out string sha256)
    {
        var hash = _hash.GetHashAndReset();
        sha256 = Convert.ToHexStringLower(hash);
        if (_taken != imageBytes + _sentHash.Length)
        {
            return $"{_taken} bytes came, and an image of {imageBytes} bytes with its hash was announced";
        }

        return hash.AsSpan().SequenceEqual(_sentHash)
            ? null
            : $"its hash is {sha256}, and etcd says {Convert.ToHexStringLower(_sentHash)}";
    }

    public void Dispose() => _hash.Dispose();
}
