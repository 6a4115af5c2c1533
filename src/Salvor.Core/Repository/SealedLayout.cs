namespace Salvor.Repository;

/// <summary>Sizes and places of the sealed object's format: docs/formats/repository.md.</summary>
internal static class SealedLayout
{
    public const byte Version = 1;
    public const int VersionOffset = 4;
    public const int KindOffset = 5;
    public const int ZeroOffset = 6;
    public const int SaltOffset = 8;
    public const int SaltBytes = 32;

    /// <summary>Magic, version, kind, two zeros and the salt.</summary>
    public const int HeaderBytes = SaltOffset + SaltBytes;

    public const int FrameHeaderBytes = 12;
    public const int FrameLengthOffset = 0;
    public const int FrameContentOffset = 4;
    public const int FrameCodecOffset = 8;
    public const int FrameLastOffset = 9;
    public const int FrameZeroOffset = 10;
    public const int TagBytes = 16;
    public const int NonceBytes = 12;

    /// <summary>What a frame takes besides its ciphertext.</summary>
    public const int FrameOverheadBytes = FrameHeaderBytes + TagBytes;

    /// <summary>A frame's content. It bounds what a reader allocates before anything is proven.</summary>
    public const int FrameContentMaxBytes = 4 << 20;

    /// <summary>A frame's ciphertext: content that compression made larger is stored as it is.</summary>
    public const int FrameStoredMaxBytes = FrameContentMaxBytes;

    public const byte CodecNone = 0;
    public const byte CodecZstd = 1;

    public static ReadOnlySpan<byte> Magic => "SLVR"u8;
}
