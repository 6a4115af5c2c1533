using Salvor.Repository;

namespace Salvor.Recovery.Lease;

/// <summary>Who holds the lease, and for how long.</summary>
public sealed record LeaseOptions
{
    public static readonly TimeSpan DurationMin = TimeSpan.FromSeconds(1);

    /// <summary>Bounds what another one has to wait after a holder's death, whatever the object says.</summary>
    public static readonly TimeSpan DurationMax = TimeSpan.FromHours(1);

    /// <summary>The least share of the duration that the margin must be: clocks run apart.</summary>
    private const int MarginShare = 20;

    public required HolderId Holder { get; init; }

    /// <summary>
    /// How long it holds after a renewal. A holder's death stops everything for this long; a store that is away for
    /// this long takes it from a living one.
    /// </summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>By how much the holder gives up earlier, and everybody else waits longer.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the holder renews: three times before it would have to give up.</summary>
    public TimeSpan RenewalInterval => (Duration - Margin) / 4;

    /// <summary>Everything that is wrong with these options; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (Duration < DurationMin || Duration > DurationMax)
        {
            faults.Add($"duration: {Duration} is outside {DurationMin}..{DurationMax}.");
        }

        if (Margin * MarginShare < Duration || Margin * 2 > Duration)
        {
            faults.Add($"margin: {Margin} is outside a twentieth to a half of the duration.");
        }

        return faults;
    }
}
