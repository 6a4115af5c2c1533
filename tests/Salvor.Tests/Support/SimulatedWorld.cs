namespace Salvor.Tests.Support;

/// <summary>One thread, one queue, and a clock that moves only when nothing is left to do.</summary>
internal sealed class SimulatedWorld : SynchronizationContext
{
    private const int StepsMax = 5_000_000;

    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly Lock _gate = new();

    public SimulatedTime Time { get; } = new();

    /// <summary>Runs to the end, or fails when nothing could ever happen again.</summary>
    public static T Run<T>(Func<SimulatedWorld, Task<T>> work)
    {
        var world = new SimulatedWorld();
        var before = Current;
        SetSynchronizationContext(world);
        try
        {
            var task = work(world);
            world.RunUntil(task);
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            _ready.Enqueue((d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    private void RunUntil(Task task)
    {
        for (var steps = 0; !task.IsCompleted; steps++)
        {
            if (steps > StepsMax)
            {
                throw new InvalidOperationException("The simulation goes round in circles.");
            }

            if (TryTake(out var next) || (IsPoolIdle() && TryTake(out next)))
            {
                next.Callback(next.State);
            }
            else if (!Time.TryAdvance())
            {
                // A completion may still be on its way from a pool thread.
                if (!SpinWait.SpinUntil(() => HasReady() || task.IsCompleted, TimeSpan.FromSeconds(5)))
                {
                    throw new InvalidOperationException("Everybody waits for somebody else.");
                }
            }
        }
    }

    /// <summary>
    /// Waits until what was handed to the thread pool is done: some of the framework's continuations run there, and
    /// time must not move before they have.
    /// </summary>
    private static bool IsPoolIdle()
    {
        for (var round = 0; round < 2; round++)
        {
            using var marker = new ManualResetEventSlim();
            ThreadPool.UnsafeQueueUserWorkItem(m => m.Set(), marker, preferLocal: false);
            marker.Wait(CancellationToken.None);
        }

        return true;
    }

    private bool TryTake(out (SendOrPostCallback Callback, object? State) next)
    {
        lock (_gate)
        {
            return _ready.TryDequeue(out next);
        }
    }

    private bool HasReady()
    {
        lock (_gate)
        {
            return _ready.Count > 0;
        }
    }
}
