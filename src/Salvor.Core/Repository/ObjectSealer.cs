using System.Collections.Concurrent;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Platform;
using Salvor.Repository.Keys;
using ZstdSharp;

namespace Salvor.Repository;

/// <summary>
/// Makes sealed objects and opens them: compressed, encrypted, and bound to repository, kind and name.
/// </summary>
/// <remarks>Several threads may use it. What it throws for bad bytes names the object and the place in it.</remarks>
public sealed class ObjectSealer(RepositoryId repository, RepositoryKey key, IEntropy entropy)
{
    /// <summary>
    /// The fastest level. On what apiservers store, the next ones cost twice the time for some percent.
    /// </summary>
    private const int ZstdLevel = 1;

    /// <summary>How a content that comes whole is cut into frames.</summary>
    private const int FrameBytes = 1 << 20;

    private readonly ObjectKeys _keys = new(repository, key);
    private readonly ConcurrentBag<Compressor> _compressors = [];
    private readonly ConcurrentBag<Decompressor> _decompressors = [];

    /// <summary>Seals a whole content.</summary>
    public byte[] Seal(ObjectKind kind, ObjectName name, ReadOnlySpan<byte> content)
    {
        var capacityBytes = SealedLayout.HeaderBytes + content.Length + SealedLayout.FrameOverheadBytes;
        using var writer = Begin(kind, name, capacityBytes);
        while (content.Length > FrameBytes)
        {
            writer.AppendFrame(content[..FrameBytes], isLast: false);
            content = content[FrameBytes..];
        }

        writer.AppendFrame(content, isLast: true);
        return writer.Bytes.ToArray();
    }

    /// <summary>Opens a whole object.</summary>
    /// <param name="kind">The kind that it must be of.</param>
    /// <param name="name">The name under which it was found.</param>
    /// <param name="sealedObject">All of its bytes.</param>
    /// <param name="contentBytesMax">How much content the caller is ready for.</param>
    /// <exception cref="CorruptDataException">It is damaged, or not this object.</exception>
    public byte[] Open(ObjectKind kind, ObjectName name, ReadOnlyMemory<byte> sealedObject, int contentBytesMax)
    {
        using var reader = Read(kind, name, sealedObject);
        using var content = new ContentBuffer();
        reader.ReadAll(content, contentBytesMax);
        return content.Bytes.ToArray();
    }

    /// <summary>Begins an object whose frames come one by one.</summary>
    internal SealedObjectWriter Begin(ObjectKind kind, ObjectName name, int capacityBytes)
    {
        Span<byte> header = stackalloc byte[SealedLayout.HeaderBytes];
        header.Clear();
        SealedLayout.Magic.CopyTo(header);
        header[SealedLayout.VersionOffset] = SealedLayout.Version;
        header[SealedLayout.KindOffset] = (byte)kind;
        var salt = header.Slice(SealedLayout.SaltOffset, SealedLayout.SaltBytes);
        entropy.Fill(salt);
        var compressor = _compressors.TryTake(out var idle) ? idle : new Compressor(ZstdLevel);
        var frames = new FrameSealer(_keys.Derive(kind, name, salt), compressor);
        return new SealedObjectWriter(header, frames, compressor, _compressors.Add, capacityBytes);
    }

    /// <summary>Opens an object for reading frame by frame.</summary>
    internal SealedObjectReader Read(ObjectKind kind, ObjectName name, ReadOnlyMemory<byte> sealedObject)
    {
        var cipher = DeriveFor(kind, name, sealedObject.Span);
        var decompressor = TakeDecompressor();
        return new SealedObjectReader(
            name.Value, sealedObject, new FrameOpener(name.Value, cipher, decompressor), decompressor,
            GiveBack);
    }

    /// <summary>Opens single frames of an object whose header is given.</summary>
    internal FrameOpener OpenFrames(
        ObjectKind kind, ObjectName name, ReadOnlySpan<byte> header, Decompressor decompressor) =>
        new(name.Value, DeriveFor(kind, name, header), decompressor);

    internal Decompressor TakeDecompressor() =>
        _decompressors.TryTake(out var idle) ? idle : new Decompressor();

    internal void GiveBack(Decompressor decompressor) => _decompressors.Add(decompressor);

    private System.Security.Cryptography.AesGcm DeriveFor(ObjectKind kind, ObjectName name, ReadOnlySpan<byte> header)
    {
        if (header.Length < SealedLayout.HeaderBytes || !header.StartsWith(SealedLayout.Magic))
        {
            throw new CorruptDataException(name.Value, 0, "it is no object of a Salvor repository, or was cut short");
        }

        if (header[SealedLayout.VersionOffset] > SealedLayout.Version)
        {
            throw new SalvorException(ErrorCode.NewerFormat,
                $"{name} has format version {header[SealedLayout.VersionOffset]}, and this salvor reads up to "
                + $"{SealedLayout.Version}.")
            {
                Hint = "A newer salvor wrote it: use that one.",
            };
        }

        var found = header[SealedLayout.KindOffset];
        if (header[SealedLayout.VersionOffset] != SealedLayout.Version || found != (byte)kind
            || header[SealedLayout.ZeroOffset..SealedLayout.SaltOffset].ContainsAnyExcept((byte)0))
        {
            throw new CorruptDataException(name.Value, SealedLayout.KindOffset,
                $"its header breaks the format: kind {found} where {(byte)kind} belongs");
        }

        return _keys.Derive(kind, name, header.Slice(SealedLayout.SaltOffset, SealedLayout.SaltBytes));
    }
}
