namespace Salvor.ObjectStore.Decorators;

/// <summary>Where one call is with its attempts.</summary>
public sealed class RetryState(long start, TimeSpan firstDelay)
{
    public long Start { get; } = start;

    public int Attempts { get; set; }

    public TimeSpan LastDelay { get; set; } = firstDelay;
}
