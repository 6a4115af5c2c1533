using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Salvor.Repository.Packs;

/// <summary>The first half of a page's SHA-256: tells that it changed, also where somebody tries to hide it.</summary>
internal readonly record struct PageHash(ulong High, ulong Low)
{
    public const int Bytes = 16;

    public static PageHash Of(ReadOnlySpan<byte> page)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(page, hash);
        return Read(hash);
    }

    public static PageHash Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]));

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, High);
        BinaryPrimitives.WriteUInt64BigEndian(target[sizeof(ulong)..], Low);
    }
}
