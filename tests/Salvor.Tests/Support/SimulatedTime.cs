namespace Salvor.Tests.Support;

/// <summary>A clock that stands still until it is told to move to the next timer.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 22, 0, 0, TimeSpan.Zero);

    private readonly List<SimulatedTimer> _timers = [];
    private readonly Lock _gate = new();
    private TimeSpan _elapsed;
    private long _order;

    public TimeSpan Elapsed => _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start + _elapsed;

    public override long GetTimestamp() => _elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Sets the clock, also back: no timer fires by it.</summary>
    public void Advance(TimeSpan by) => _elapsed += by;

    /// <summary>Moves to the next timer and fires it; false when there is none.</summary>
    public bool TryAdvance()
    {
        SimulatedTimer? next;
        lock (_gate)
        {
            next = _timers.MinBy(t => (t.DueAt, t.Order));
            if (next is null)
            {
                return false;
            }

            _timers.Remove(next);
            _elapsed = next.DueAt > _elapsed ? next.DueAt : _elapsed;
        }

        next.Fire();
        return true;
    }

    internal void Set(SimulatedTimer timer, TimeSpan dueTime)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                timer.DueAt = _elapsed + dueTime;
                timer.Order = _order++;
                _timers.Add(timer);
            }
        }
    }
}
