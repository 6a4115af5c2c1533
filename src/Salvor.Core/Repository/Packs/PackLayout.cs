namespace Salvor.Repository.Packs;

/// <summary>Sizes of the pack's format: docs/formats/repository.md.</summary>
internal static class PackLayout
{
    /// <summary>The unit in which changes are found, whatever page size the database has.</summary>
    public const int PageBytes = 4096;

    public const int FramePagesMax = 64;

    public const int PagesMax = 16_384;

    /// <summary>Stored bytes of frames after which a pack is full.</summary>
    public const int FullBytes = 8 << 20;

    /// <summary>After the last frame: the directory's length, the count of page frames, and a magic.</summary>
    public const int TrailerBytes = 12;

    public static ReadOnlySpan<byte> TrailerMagic => "SPCK"u8;
}
