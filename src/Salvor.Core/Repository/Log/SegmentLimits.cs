namespace Salvor.Repository.Log;

/// <summary>The bounds that writers keep and readers insist on.</summary>
public static class SegmentLimits
{
    /// <summary>
    /// A segment's content. Segments are cut at a mebibyte or so; only a revision that alone is this large needs more
    /// than that, since no revision is split.
    /// </summary>
    public const int ContentBytesMax = 256 << 20;

    /// <summary>Times are milliseconds since 1970, up to the year 9999.</summary>
    public const long TimeMax = 253_402_300_799_999;

    /// <summary>The greatest revision, so that the next one is still a number.</summary>
    public const long RevisionMax = long.MaxValue - 1;
}
