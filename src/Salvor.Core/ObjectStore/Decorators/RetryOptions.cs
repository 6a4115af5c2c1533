namespace Salvor.ObjectStore.Decorators;

/// <summary>How often and how long a failing call is tried again.</summary>
public sealed record RetryOptions
{
    /// <summary>Attempts of one call, the first included.</summary>
    public int AttemptsMax { get; init; } = 8;

    /// <summary>The shortest wait between two attempts.</summary>
    public TimeSpan DelayMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between two attempts.</summary>
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>No attempt begins later than this after the first.</summary>
    public TimeSpan TotalMax { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Everything that is wrong with these options; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (AttemptsMax is < 1 or > 100)
        {
            faults.Add($"attemptsMax: {AttemptsMax} is outside 1..100.");
        }

        if (DelayMin <= TimeSpan.Zero || DelayMin > DelayMax)
        {
            faults.Add($"delayMin: {DelayMin} is outside 0..delayMax.");
        }

        if (DelayMax > TimeSpan.FromMinutes(10))
        {
            faults.Add($"delayMax: {DelayMax} is more than 10 minutes.");
        }

        if (TotalMax < TimeSpan.Zero)
        {
            faults.Add($"totalMax: {TotalMax} is negative.");
        }

        return faults;
    }
}
