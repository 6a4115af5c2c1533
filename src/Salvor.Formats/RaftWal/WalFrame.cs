namespace Salvor.Formats.RaftWal;

/// <summary>A frame as found in a segment: where it is, and its bytes.</summary>
public readonly ref struct WalFrame(long offset, ReadOnlySpan<byte> payload, int paddingBytes)
{
    internal const int HeaderBytes = 8;

    /// <summary>Where the frame's length field begins.</summary>
    public long Offset { get; } = offset;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public int PaddingBytes { get; } = paddingBytes;

    /// <summary>Where the next frame begins.</summary>
    public long EndOffset => Offset + HeaderBytes + Payload.Length + PaddingBytes;
}
