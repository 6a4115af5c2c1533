using System.Numerics;

namespace Salvor.Recovery.Engine;

/// <summary>How long a cause has been seen, and what was done about it since.</summary>
/// <param name="Since">When it was first seen, by uptime.</param>
/// <param name="History">The last looks that could tell, the newest in the lowest bit: 1 where it was seen.</param>
public sealed record Standing(TimeSpan Since, uint History)
{
    /// <summary>How many looks in a row must rule a cause out before it counts as gone.</summary>
    private const uint GoneMask = 0b111;

    /// <summary>
    /// And for how long since it was last seen: looks are close together while something ripens, and a server that
    /// hangs, answers for a moment and hangs again is not mended in between.
    /// </summary>
    private static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(6);

    /// <summary>When the last look that could tell was, by uptime.</summary>
    public TimeSpan LastTold { get; init; } = Since;

    /// <summary>When it was last seen, by uptime.</summary>
    public TimeSpan LastSeen { get; init; } = Since;

    /// <summary>How many of the cause's rungs were tried since.</summary>
    public int Tried { get; init; }

    /// <summary>When the last of them ended, by uptime.</summary>
    public TimeSpan? LastEnded { get; init; }

    /// <summary>How long the last of them is given to help.</summary>
    public TimeSpan CoolDown { get; init; }

    /// <summary>Whether a person was told that nothing is left to do, or to approve something.</summary>
    public bool IsPaged { get; init; }

    public bool IsGone => (History & GoneMask) == 0 && LastTold - LastSeen >= GoneAfter;

    public static Standing Begin(TimeSpan now) => new(now, 1);

    /// <param name="wasSeen">What the look told.</param>
    /// <param name="now">By uptime.</param>
    /// <param name="gapMax">Looks further apart than this are of two occasions, and don't ripen together.</param>
    public Standing Look(bool wasSeen, TimeSpan now, TimeSpan gapMax)
    {
        var (seen, lastSeen) = wasSeen ? (1u, now) : (0u, LastSeen);
        return now - LastTold <= gapMax
            ? this with { History = (History << 1) | seen, LastTold = now, LastSeen = lastSeen }
            : this with { Since = now, History = seen, LastTold = now, LastSeen = lastSeen };
    }

    /// <summary>How many of the last looks saw it.</summary>
    public int SeenOf(int looks) => BitOperations.PopCount(History & ((1u << looks) - 1));

    public bool IsCoolingDown(TimeSpan now) => LastEnded is { } ended && now - ended < CoolDown;
}
