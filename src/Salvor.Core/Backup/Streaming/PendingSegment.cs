using Salvor.Repository.Log;

namespace Salvor.Backup.Streaming;

/// <summary>A closed segment on its way to the store.</summary>
/// <param name="name">Its name.</param>
/// <param name="bytes">What is stored, the same at each try.</param>
/// <param name="seenAt">When its oldest change was seen, as the clock's timestamp.</param>
internal sealed class PendingSegment(SegmentName name, byte[] bytes, long seenAt)
{
    public SegmentName Name { get; } = name;

    /// <summary>
    /// Empty once it is stored, so that it does not wait in memory for those before it, and where it is only in the
    /// spool.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; } = bytes;

    public int SizeBytes { get; } = bytes.Length;

    /// <summary>Whether the spool has it.</summary>
    public bool IsSpooled { get; init; }

    public long SeenAt { get; } = seenAt;

    public bool IsStored { get; private set; }

    /// <summary>Gives up the bytes in memory, since the spool has them.</summary>
    public void LeaveToSpool() => Bytes = default;

    public void MarkStored()
    {
        IsStored = true;
        Bytes = default;
    }
}
