using Salvor.Repository.Log;

namespace Salvor.Backup.Streaming;

/// <summary>A closed segment on its way to the store.</summary>
/// <param name="name">Its name.</param>
/// <param name="bytes">What is stored, the same at each try.</param>
/// <param name="seenAt">When its oldest change was seen, as the clock's timestamp.</param>
internal sealed class PendingSegment(SegmentName name, byte[] bytes, long seenAt)
{
    public SegmentName Name { get; } = name;

    /// <summary>Empty once it is stored, so that it does not wait in memory for those before it.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; } = bytes;

    public int SizeBytes { get; } = bytes.Length;

    public long SeenAt { get; } = seenAt;

    public bool IsStored { get; private set; }

    public void MarkStored()
    {
        IsStored = true;
        Bytes = default;
    }
}
