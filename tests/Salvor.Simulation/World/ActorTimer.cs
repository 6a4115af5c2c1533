namespace Salvor.Simulation.World;

/// <summary>A timer of an <see cref="ActorClock"/>.</summary>
internal sealed class ActorTimer(ActorClock clock, Actor owner, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;

    /// <summary>Whose it is: it fires only while that one runs.</summary>
    public Actor Owner => owner;

    /// <summary>By the clock's monotonic time.</summary>
    public TimeSpan DueAt { get; private set; }

    /// <summary>Raised by each change: what was scheduled before it does not fire.</summary>
    public int Version { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Version++;
        _period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            DueAt = clock.Steady + dueTime;
            clock.Schedule(this, Version);
        }

        return true;
    }

    public void Fire()
    {
        var version = Version;
        if (_period != Timeout.InfiniteTimeSpan)
        {
            DueAt += _period;
            clock.Schedule(this, version);
        }

        owner.Post(_ => FireUnlessChanged(version), null);
    }

    public void Dispose() => Version++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void FireUnlessChanged(int version)
    {
        if (Version == version)
        {
            callback(state);
        }
    }
}
