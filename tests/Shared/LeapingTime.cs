namespace Salvor.Tests.Shared;

/// <summary>
/// A clock on which nobody waits: a timer fires as soon as it is made, and the clock has leapt to its time.
/// </summary>
/// <remarks>Its ticks are odd on purpose: who takes them for .NET's own is found out.</remarks>
internal sealed class LeapingTime : TimeProvider
{
    private const long TicksPerSecond = 7_000_000;

    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly List<TimeSpan> _waits = [];
    private readonly Lock _gate = new();
    private TimeSpan _elapsed;

    /// <summary>Every wait, in order.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_gate)
            {
                return [.. _waits];
            }
        }
    }

    /// <summary>How far the clock has come.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return _elapsed;
            }
        }
    }

    public override long TimestampFrequency => TicksPerSecond;

    public override long GetTimestamp() => (long)(Elapsed.TotalSeconds * TicksPerSecond);

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    public void Advance(TimeSpan by)
    {
        lock (_gate)
        {
            _elapsed += by;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            lock (_gate)
            {
                _waits.Add(dueTime);
                _elapsed += dueTime;
            }

            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        return new FiredTimer();
    }

    private sealed class FiredTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
