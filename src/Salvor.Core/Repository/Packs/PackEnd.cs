using System.Buffers.Binary;
using Salvor.Formats;
using Salvor.ObjectStore;

namespace Salvor.Repository.Packs;

/// <summary>A pack's last bytes: where its directory is. Not sealed; what it leads to is.</summary>
internal readonly record struct PackEnd(int DirectoryBytes, uint FrameCount)
{
    /// <param name="name">The pack's name, for errors.</param>
    /// <param name="tail">The object's last bytes.</param>
    /// <param name="objectBytes">The whole object's length.</param>
    public static PackEnd Read(ObjectName name, ReadOnlySpan<byte> tail, long objectBytes)
    {
        var offset = Math.Max(0, objectBytes - PackLayout.TrailerBytes);
        if (tail.Length < PackLayout.TrailerBytes || !tail.EndsWith(PackLayout.TrailerMagic))
        {
            throw new CorruptDataException(name.Value, offset, "the pack's end is missing or damaged");
        }

        var end = tail[^PackLayout.TrailerBytes..];
        var bytes = BinaryPrimitives.ReadUInt32LittleEndian(end);
        var frames = BinaryPrimitives.ReadUInt32LittleEndian(end[sizeof(uint)..]);
        var most = Math.Min(
            SealedLayout.FrameOverheadBytes + SealedLayout.FrameStoredMaxBytes,
            objectBytes - SealedLayout.HeaderBytes - PackLayout.TrailerBytes);
        return bytes >= SealedLayout.FrameOverheadBytes && bytes <= most && frames <= PackLayout.PagesMax
            ? new PackEnd((int)bytes, frames)
            : throw new CorruptDataException(name.Value, offset,
                $"the pack's end claims a directory of {bytes} bytes and {frames} frames");
    }

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, DirectoryBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target[sizeof(int)..], FrameCount);
        PackLayout.TrailerMagic.CopyTo(target[(2 * sizeof(int))..]);
    }
}
