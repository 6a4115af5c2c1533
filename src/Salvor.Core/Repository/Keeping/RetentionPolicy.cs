namespace Salvor.Repository.Keeping;

/// <summary>What is kept. A snapshot is kept when any of the rules wants it; 0 turns a rule off.</summary>
public sealed record RetentionPolicy
{
    /// <summary>So many newest verified ones; at least 1.</summary>
    public int KeepLast { get; init; } = 3;

    /// <summary>The newest one of each of so many hours that have any.</summary>
    public int Hourly { get; init; } = 24;

    /// <summary>The newest one of each of so many days (UTC) that have any.</summary>
    public int Daily { get; init; } = 7;

    /// <summary>The newest one of each of so many weeks (ISO 8601) that have any.</summary>
    public int Weekly { get; init; } = 4;

    /// <summary>The newest one of each of so many months that have any.</summary>
    public int Monthly { get; init; } = 6;

    /// <summary>How far back every single revision can be restored.</summary>
    public TimeSpan Continuous { get; init; } = TimeSpan.FromHours(48);

    /// <summary>
    /// How many snapshots wait for a verified newer one, whatever the other rules say. Older ones are thinned by the
    /// same rules as verified ones, so that a store whose snapshots nobody verifies does not grow for ever.
    /// </summary>
    public int UnverifiedMax { get; init; } = 168;
}
