namespace Salvor.Simulation.World;

/// <summary>One process on one machine: its work, its clocks, and whether it runs just now.</summary>
/// <remarks>
/// It is the context of all that its work awaits, so that the world knows whose each continuation is, and can hold it
/// back while the process stands still.
/// </remarks>
internal sealed class Actor : SynchronizationContext
{
    private readonly SimulatedWorld _world;
    private readonly List<(SendOrPostCallback Callback, object? State)> _held = [];

    internal Actor(SimulatedWorld world, string name, ActorClock clock)
    {
        _world = world;
        Name = name;
        Clock = clock;
    }

    public string Name { get; }

    public ActorClock Clock { get; }

    public ActorState State { get; private set; } = ActorState.Running;

    public bool IsAlive => State != ActorState.Dead;

    /// <summary>Begins some work of this process. A failure of it fails the simulation.</summary>
    public void Start(Func<Task> work) => Post(_ => _world.Watch(this, work()), null);

    /// <summary>Stops the process for a while, as a debugger, a full disk or a busy machine may.</summary>
    public void Pause(TimeSpan duration) => Stop(ActorState.Paused, duration);

    /// <summary>Suspends the machine, on which no other living process may be, for a while.</summary>
    public void Sleep(TimeSpan duration)
    {
        if (State == ActorState.Running && !Clock.StandsStill)
        {
            Clock.StandStill();
            Stop(ActorState.Asleep, duration);
        }
    }

    /// <summary>Ends the process here and now.</summary>
    public void Kill()
    {
        State = ActorState.Dead;
        _held.Clear();
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (State == ActorState.Running)
        {
            _world.Enqueue(this, d, state);
        }
        else if (IsAlive)
        {
            _held.Add((d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Holds back what the world had ready for it when it was stopped.</summary>
    internal void Hold(SendOrPostCallback callback, object? state)
    {
        if (IsAlive)
        {
            _held.Add((callback, state));
        }
    }

    private void Stop(ActorState state, TimeSpan duration)
    {
        if (State != ActorState.Running)
        {
            return;
        }

        State = state;
        _world.After(duration, () => GoOn(state));
    }

    private void GoOn(ActorState stopped)
    {
        if (stopped == ActorState.Asleep)
        {
            Clock.GoOn();
        }

        if (State != stopped)
        {
            return; // It was killed meanwhile.
        }

        State = ActorState.Running;

        foreach (var (callback, state) in _held)
        {
            _world.Enqueue(this, callback, state);
        }

        _held.Clear();
    }
}
