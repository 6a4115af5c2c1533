using System.Buffers.Binary;

namespace Salvor.Formats.Etcd;

/// <summary>A key of the <c>key</c> bucket: a revision, marked when it deletes.</summary>
/// <remarks>
/// 17 bytes: main revision, big-endian i64; '_'; sub revision, big-endian i64. An 18th byte 't' marks a tombstone. Byte
/// order
/// is revision order, which is what lets a log be appended to a snapshot without touching what is there.
/// </remarks>
/// <param name="Revision">The change.</param>
/// <param name="IsTombstone">Whether it deletes its key.</param>
public readonly record struct RevisionKey(Revision Revision, bool IsTombstone)
{
    public const int PutBytes = 17;
    public const int TombstoneBytes = 18;

    private const byte Separator = (byte)'_';
    private const byte Mark = (byte)'t';

    public int SizeBytes => IsTombstone ? TombstoneBytes : PutBytes;

    public static bool TryRead(ReadOnlySpan<byte> key, out RevisionKey value)
    {
        value = default;
        if (key.Length is not (PutBytes or TombstoneBytes) || key[8] != Separator
            || (key.Length == TombstoneBytes && key[PutBytes] != Mark))
        {
            return false;
        }

        var revision = new Revision(BinaryPrimitives.ReadInt64BigEndian(key),
            BinaryPrimitives.ReadInt64BigEndian(key[9..]));
        value = new RevisionKey(revision, key.Length == TombstoneBytes);
        return revision is { Main: > 0, Sub: >= 0 };
    }

    /// <summary>Writes <see cref="SizeBytes"/> bytes.</summary>
    public void Write(Span<byte> key)
    {
        BinaryPrimitives.WriteInt64BigEndian(key, Revision.Main);
        key[8] = Separator;
        BinaryPrimitives.WriteInt64BigEndian(key[9..], Revision.Sub);
        if (IsTombstone)
        {
            key[PutBytes] = Mark;
        }
    }
}
