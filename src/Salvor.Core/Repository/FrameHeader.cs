namespace Salvor.Repository;

/// <summary>What a frame says of itself, bounded but not yet proven.</summary>
internal readonly record struct FrameHeader(int StoredBytes, int ContentBytes, bool IsCompressed, bool IsLast)
{
    /// <summary>The frame with header and tag.</summary>
    public int FrameBytes => SealedLayout.FrameOverheadBytes + StoredBytes;
}
