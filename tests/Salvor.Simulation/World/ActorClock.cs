namespace Salvor.Simulation.World;

/// <summary>A machine's clocks: one that runs a little fast or slow, and one that somebody may set.</summary>
/// <param name="world">Has the true time.</param>
/// <param name="rate">Seconds of this clock in a true one.</param>
internal sealed class ActorClock(SimulatedWorld world, double rate) : TimeProvider
{
    /// <summary>Odd on purpose: who takes these ticks for .NET's own is found out.</summary>
    private const long TicksPerSecond = 7_000_000;

    private static readonly DateTimeOffset Start = new(2026, 11, 22, 22, 0, 0, TimeSpan.Zero);

    private readonly List<ActorTimer> _waiting = [];
    private TimeSpan _slept;
    private TimeSpan? _asleepSince;
    private TimeSpan _setBy;

    /// <summary>What the monotonic clock shows.</summary>
    public TimeSpan Steady => ((_asleepSince ?? world.Now) - _slept) * rate;

    /// <summary>Whether the machine is suspended.</summary>
    public bool StandsStill => _asleepSince is not null;

    public override long TimestampFrequency => TicksPerSecond;

    public override long GetTimestamp() => (long)(Steady.TotalSeconds * TicksPerSecond);

    public override DateTimeOffset GetUtcNow() => Start + (world.Now * rate) + _setBy;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var owner = SynchronizationContext.Current as Actor
            ?? throw new SimulationException("A timer was made outside of all processes.");
        var timer = new ActorTimer(this, owner, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Sets the wall clock forward or back.</summary>
    public void SetWall(TimeSpan by) => _setBy += by;

    internal void StandStill() => _asleepSince = world.Now;

    internal void GoOn()
    {
        _slept += world.Now - _asleepSince!.Value;
        _asleepSince = null;
        var waiting = _waiting.ToList();
        _waiting.Clear();
        foreach (var timer in waiting)
        {
            Schedule(timer, timer.Version);
        }
    }

    /// <summary>Fires the timer when this clock shows its time, unless it was changed meanwhile.</summary>
    internal void Schedule(ActorTimer timer, int version)
    {
        var left = (timer.DueAt - Steady) / rate;
        world.After(left > TimeSpan.Zero ? left + TimeSpan.FromTicks(1) : TimeSpan.Zero, () =>
        {
            if (timer.Version != version || !timer.Owner.IsAlive)
            {
                return;
            }

            if (_asleepSince is not null)
            {
                _waiting.Add(timer);
            }
            else if (Steady < timer.DueAt)
            {
                Schedule(timer, version);
            }
            else
            {
                timer.Fire();
            }
        });
    }
}
