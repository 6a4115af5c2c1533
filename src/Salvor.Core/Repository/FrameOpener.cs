using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Salvor.Formats;
using ZstdSharp;

namespace Salvor.Repository;

/// <summary>Opens frames of one object, in any order.</summary>
internal sealed class FrameOpener(string source, AesGcm cipher, Decompressor decompressor) : IDisposable
{
    /// <summary>Reads and bounds a frame's header.</summary>
    /// <param name="bytes">The object from the frame on, or at least the header.</param>
    /// <param name="offset">Where in the object that is, for errors.</param>
    public FrameHeader ReadHeader(ReadOnlySpan<byte> bytes, long offset)
    {
        if (bytes.Length < SealedLayout.FrameHeaderBytes)
        {
            throw Corrupt(offset, $"the object ends within a frame's header, after {bytes.Length} bytes of it");
        }

        var storedBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[SealedLayout.FrameLengthOffset..]);
        var contentBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[SealedLayout.FrameContentOffset..]);
        var codec = bytes[SealedLayout.FrameCodecOffset];
        var last = bytes[SealedLayout.FrameLastOffset];
        var zeros = BinaryPrimitives.ReadUInt16LittleEndian(bytes[SealedLayout.FrameZeroOffset..]);
        if (storedBytes > SealedLayout.FrameStoredMaxBytes || contentBytes > SealedLayout.FrameContentMaxBytes)
        {
            throw Corrupt(offset, $"a frame claims {storedBytes} stored bytes for {contentBytes} of content, "
                + $"above the format's {SealedLayout.FrameContentMaxBytes}");
        }

        if (codec > SealedLayout.CodecZstd || last > 1 || zeros != 0
            || (codec == SealedLayout.CodecNone && storedBytes != contentBytes))
        {
            throw Corrupt(offset, $"a frame's header breaks the format: codec {codec}, last {last}, zeros {zeros}");
        }

        return new FrameHeader((int)storedBytes, (int)contentBytes, codec == SealedLayout.CodecZstd, last == 1);
    }

    /// <summary>Opens a frame into <paramref name="content"/>, which has the length that its header states.</summary>
    /// <param name="number">The frame's place among the object's frames.</param>
    /// <param name="frame">The whole frame.</param>
    /// <param name="offset">Where in the object it begins, for errors.</param>
    /// <param name="content">Receives the content.</param>
    public void Open(uint number, ReadOnlySpan<byte> frame, long offset, Span<byte> content)
    {
        var header = ReadHeader(frame, offset);
        if (frame.Length < header.FrameBytes)
        {
            throw Corrupt(offset, $"the object ends within a frame of {header.FrameBytes} bytes");
        }

        if (content.Length != header.ContentBytes)
        {
            throw Corrupt(offset, $"a frame claims {header.ContentBytes} bytes of content where {content.Length} belong");
        }

        Span<byte> nonce = stackalloc byte[SealedLayout.NonceBytes];
        nonce.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(nonce, number);
        var coded = header.IsCompressed ? ArrayPool<byte>.Shared.Rent(Math.Max(1, header.StoredBytes)) : null;
        try
        {
            var target = coded is null ? content : coded.AsSpan(0, header.StoredBytes);
            Decrypt(nonce, frame, header, offset, target);
            if (coded is not null)
            {
                Decompress(target, offset, content);
            }
        }
        finally
        {
            if (coded is not null)
            {
                ArrayPool<byte>.Shared.Return(coded);
            }
        }
    }

    public void Dispose() => cipher.Dispose();

    private void Decrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> frame, FrameHeader header, long offset, Span<byte> target)
    {
        try
        {
            cipher.Decrypt(
                nonce,
                frame.Slice(SealedLayout.FrameHeaderBytes, header.StoredBytes),
                frame.Slice(SealedLayout.FrameHeaderBytes + header.StoredBytes, SealedLayout.TagBytes),
                target,
                frame[..SealedLayout.FrameHeaderBytes]);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Corrupt(offset, "a frame does not open: its bytes were changed, or it belongs to another object, "
                + "repository or key");
        }
    }

    private void Decompress(ReadOnlySpan<byte> coded, long offset, Span<byte> content)
    {
        // What comes here was sealed by a holder of the key; a wrong length is a bug of a writer, and still no crash.
        try
        {
            if (decompressor.TryUnwrap(coded, content, out var written) && written == content.Length)
            {
                return;
            }
        }
        catch (ZstdException e)
        {
            throw Corrupt(offset, $"a frame's content is no zstd frame: {e.Message}");
        }

        throw Corrupt(offset, $"a frame's content does not have the {content.Length} bytes that its header states");
    }

    private CorruptDataException Corrupt(long offset, string fault) => new(source, offset, fault);
}
