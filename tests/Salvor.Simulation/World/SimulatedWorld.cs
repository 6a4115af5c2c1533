namespace Salvor.Simulation.World;

/// <summary>
/// Machines, processes and a network in one thread, on a time that moves only when nobody has anything to do.
/// </summary>
/// <remarks>
/// The seed tells all that happens: which of those that are ready goes on, how long what takes, what fails. No thread
/// pool is involved, and work that leaves for it is found out, since it would not be replayed.
/// </remarks>
internal sealed class SimulatedWorld
{
    /// <summary>The most steps of one hour of true time: more go round in circles.</summary>
    private const int StepsPerHourMax = 5_000_000;
    private const ulong HashStart = 14695981039346656037;
    private const ulong HashFactor = 1099511628211;

    private readonly List<(Actor Actor, SendOrPostCallback Callback, object? State)> _ready = [];
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly List<(Actor Actor, Task Work)> _watched = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Actor _outside;
    private Exception? _foreign;
    private long _order;
    private long _steps;

    public SimulatedWorld(int seed)
    {
        Random = new Random(seed);
        _outside = NewActor("outside");
    }

    /// <summary>True time since the start, which no clock shows.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>All chance there is.</summary>
    public Random Random { get; }

    /// <summary>Runs after every step: where invariants are looked after.</summary>
    public Action? AfterStep { get; set; }

    /// <summary>Two runs with the same trace did the same things at the same times.</summary>
    public ulong Trace { get; private set; } = HashStart;

    /// <summary>A process on a machine of its own.</summary>
    /// <param name="name">For people.</param>
    /// <param name="rate">How fast its clocks run.</param>
    public Actor NewActor(string name, double rate = 1) => new(this, name, new ActorClock(this, rate));

    /// <summary>Another process on the same machine: it has its clocks, with all that was done to them.</summary>
    public Actor NewActor(string name, ActorClock clock) => new(this, name, clock);

    /// <summary>Does something in true time, on nobody's account: the network, the disaster, the operator.</summary>
    public void After(TimeSpan delay, Action work) =>
        _events.Enqueue(work, (Now + delay, _order++));

    /// <summary>Runs until the true time, or until the condition holds.</summary>
    /// <returns>Whether the condition held.</returns>
    public bool RunUntil(TimeSpan end, Func<bool>? isDone = null)
    {
        var before = SynchronizationContext.Current;
        try
        {
            while (isDone?.Invoke() != true)
            {
                if (!Step(end))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Runs some work from outside to its end.</summary>
    public T Run<T>(Func<Task<T>> work)
    {
        Task<T>? task = null;
        _outside.Post(_ => task = work(), null);
        return RunUntil(TimeSpan.MaxValue, () => task?.IsCompleted == true)
            ? task!.GetAwaiter().GetResult()
            : throw new SimulationException("Everybody waits for somebody else.");
    }

    internal void Enqueue(Actor actor, SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            // Thrown here it would end the process; the next step throws it where it is seen.
            _foreign = new SimulationException(
                $"Work of {actor.Name} came back from a thread pool:{Environment.NewLine}{Environment.StackTrace}");
            return;
        }

        _ready.Add((actor, callback, state));
    }

    internal void Watch(Actor actor, Task work) => _watched.Add((actor, work));

    private bool Step(TimeSpan end)
    {
        if (++_steps > StepsPerHourMax * (1 + (long)Now.TotalHours))
        {
            throw new SimulationException("The simulation goes round in circles.");
        }

        if (_ready.Count > 0)
        {
            RunReady();
        }
        else if (!TryMove(end))
        {
            return false;
        }

        if (_foreign is { } foreign)
        {
            throw foreign;
        }

        RequireNoFailure();
        AfterStep?.Invoke();
        return true;
    }

    private void RunReady()
    {
        var index = Random.Next(_ready.Count);
        var (actor, callback, state) = _ready[index];
        _ready.RemoveAt(index);
        if (actor.State != ActorState.Running)
        {
            actor.Hold(callback, state);
            return;
        }

        Note(actor.Name);
        SynchronizationContext.SetSynchronizationContext(actor);
        callback(state);
    }

    private bool TryMove(TimeSpan end)
    {
        if (!_events.TryPeek(out _, out var next) || next.At > end)
        {
            Now = end == TimeSpan.MaxValue || Now > end ? Now : end;
            return false;
        }

        var work = _events.Dequeue();
        Now = next.At > Now ? next.At : Now;
        Note("event");
        SynchronizationContext.SetSynchronizationContext(_outside);
        work();
        return true;
    }

    private void RequireNoFailure()
    {
        for (var i = _watched.Count - 1; i >= 0; i--)
        {
            var (actor, work) = _watched[i];
            if (work.IsFaulted)
            {
                throw new SimulationException(
                    $"At {Now} the work of {actor.Name} failed: {work.Exception!.InnerException!.Message}",
                    work.Exception.InnerException);
            }

            if (work.IsCompleted)
            {
                _watched.RemoveAt(i);
            }
        }
    }

    private void Note(string what)
    {
        foreach (var letter in what)
        {
            Mix(letter);
        }

        Mix((ulong)Now.Ticks);
    }

    private void Mix(ulong value) => Trace = unchecked((Trace ^ value) * HashFactor);
}
