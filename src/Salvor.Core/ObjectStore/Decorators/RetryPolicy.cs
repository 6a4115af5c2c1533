using Salvor.Errors;

namespace Salvor.ObjectStore.Decorators;

/// <summary>Decides after a failure whether to try again, and when.</summary>
/// <remarks>
/// Waits are drawn between the shortest and three times the one before, so that clients that failed together do not
/// come back together.
/// </remarks>
/// <param name="options">The bounds.</param>
/// <param name="random">Draws the waits. Used under a lock of this policy's own.</param>
/// <param name="time">Measures and waits.</param>
public sealed class RetryPolicy(RetryOptions options, Random random, TimeProvider time)
{
    private const int Growth = 3;

    private readonly Lock _gate = new();

    public RetryState Begin() => new(time.GetTimestamp(), options.DelayMin);

    /// <summary>Waits until the next attempt may begin; false when there is none.</summary>
    public async Task<bool> WaitAsync(RetryState state, SalvorException failure, CancellationToken ct)
    {
        if (!failure.IsTransient || ++state.Attempts >= options.AttemptsMax)
        {
            return false;
        }

        var delay = Draw(state.LastDelay);
        if (time.GetElapsedTime(state.Start) + delay > options.TotalMax)
        {
            return false;
        }

        state.LastDelay = delay;
        await Task.Delay(delay, time, ct);
        return true;
    }

    private TimeSpan Draw(TimeSpan lastDelay)
    {
        double share;
        lock (_gate)
        {
            share = random.NextDouble();
        }

        var longest = lastDelay * Growth < options.DelayMax ? lastDelay * Growth : options.DelayMax;
        return options.DelayMin + ((longest - options.DelayMin) * share);
    }
}
