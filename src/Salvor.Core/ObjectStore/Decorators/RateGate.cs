namespace Salvor.ObjectStore.Decorators;

/// <summary>Lets bytes through at a mean rate: each call waits until those before it have had their time.</summary>
internal sealed class RateGate(long? bytesPerSecondMax, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _freeFrom;

    /// <summary>Waits for its turn and takes the time that these bytes last.</summary>
    public Task PassAsync(long lengthBytes, CancellationToken ct) =>
        Take(lengthBytes) is var wait && wait > TimeSpan.Zero ? Task.Delay(wait, time, ct) : Task.CompletedTask;

    /// <summary>Takes the time that these bytes last from those that come after, and waits for nobody.</summary>
    /// <returns>How long the ones before still last.</returns>
    public TimeSpan Take(long lengthBytes)
    {
        if (bytesPerSecondMax is not { } rate)
        {
            return TimeSpan.Zero;
        }

        lock (_gate)
        {
            var now = time.GetElapsedTime(_start);
            var turn = _freeFrom > now ? _freeFrom : now;
            _freeFrom = turn + TimeSpan.FromSeconds((double)lengthBytes / rate);
            return turn - now;
        }
    }
}
