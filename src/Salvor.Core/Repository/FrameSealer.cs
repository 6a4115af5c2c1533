using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using ZstdSharp;

namespace Salvor.Repository;

/// <summary>Compresses and seals the frames of one object, in order.</summary>
internal sealed class FrameSealer(AesGcm cipher, Compressor compressor) : IDisposable
{
    private uint _number;

    /// <summary>The most that a frame with this much content takes.</summary>
    public static int MaxFrameBytes(int contentBytes) => contentBytes + SealedLayout.FrameOverheadBytes;

    /// <summary>Writes one frame to the start of <paramref name="target"/>.</summary>
    /// <returns>Its bytes.</returns>
    public int Seal(ReadOnlySpan<byte> content, bool isLast, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, SealedLayout.FrameContentMaxBytes);
        var scratch = ArrayPool<byte>.Shared.Rent(Math.Max(1, content.Length));
        try
        {
            // zstd may use as much room as the content has: what needs more is better stored as it is.
            var isCompressed = compressor.TryWrap(content, scratch.AsSpan(0, content.Length), out var codedBytes)
                && codedBytes < content.Length;
            var coded = isCompressed ? scratch.AsSpan(0, codedBytes) : content;
            return SealCoded(coded, content.Length, isCompressed, isLast, target);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    public void Dispose() => cipher.Dispose();

    private int SealCoded(
        ReadOnlySpan<byte> coded, int contentBytes, bool isCompressed, bool isLast, Span<byte> target)
    {
        var header = target[..SealedLayout.FrameHeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(header[SealedLayout.FrameLengthOffset..], coded.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[SealedLayout.FrameContentOffset..], contentBytes);
        header[SealedLayout.FrameCodecOffset] = isCompressed ? SealedLayout.CodecZstd : SealedLayout.CodecNone;
        header[SealedLayout.FrameLastOffset] = isLast ? (byte)1 : (byte)0;

        Span<byte> nonce = stackalloc byte[SealedLayout.NonceBytes];
        nonce.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(nonce, _number);
        _number++;
        var ciphertext = target.Slice(SealedLayout.FrameHeaderBytes, coded.Length);
        var tag = target.Slice(SealedLayout.FrameHeaderBytes + coded.Length, SealedLayout.TagBytes);
        cipher.Encrypt(nonce, coded, ciphertext, tag, header);
        return SealedLayout.FrameOverheadBytes + coded.Length;
    }
}
