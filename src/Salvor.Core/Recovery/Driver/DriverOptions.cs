namespace Salvor.Recovery.Driver;

/// <summary>How often a driver looks.</summary>
public sealed record DriverOptions
{
    /// <summary>While nothing is the matter.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>While something is suspected or being done: what is seen is sure sooner, or gone sooner.</summary>
    public TimeSpan LookSoon { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a journal that is away is waited for, from one try to the next.</summary>
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after what it was decided on a step may begin; later, it is looked and decided anew.</summary>
    public TimeSpan ActWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long any step may take. What has not ended by then has failed, and is done again.</summary>
    public TimeSpan StepLimit { get; init; } = TimeSpan.FromHours(1);
}
