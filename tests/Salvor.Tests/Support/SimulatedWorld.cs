using System.Diagnostics;

namespace Salvor.Tests.Support;

/// <summary>One thread, one queue, and a clock that moves only when nothing is left to do.</summary>
internal sealed class SimulatedWorld : SynchronizationContext
{
    private const int StepsMax = 5_000_000;

    private static readonly TimeSpan PoolLimit = TimeSpan.FromSeconds(30);

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
    /// Waits until what was handed to the thread pool is done: some of the framework's continuations run there (of
    /// <c>CancelAsync</c>, of <c>WaitAsync</c> with a token), and time must not move before they have.
    /// </summary>
    /// <remarks>
    /// Exact, since no other test runs beside these (<see cref="SimulatedWorldGroup"/>): a worker counts as busy from
    /// when it is asked for until it finds nothing more to do.
    /// </remarks>
    private static bool IsPoolIdle()
    {
        var since = Stopwatch.GetTimestamp();
        var wait = default(SpinWait);
        while (ThreadPool.PendingWorkItemCount > 0 || OthersBusy() > 0 || ThreadPool.PendingWorkItemCount > 0)
        {
            if (Stopwatch.GetElapsedTime(since) > PoolLimit)
            {
                throw new InvalidOperationException("The thread pool never gets idle: time can't be simulated.");
            }

            wait.SpinOnce(sleep1Threshold: -1);
        }

        return true;
    }

    private static int OthersBusy()
    {
        ThreadPool.GetMaxThreads(out var max, out _);
        ThreadPool.GetAvailableThreads(out var available, out _);
        return max - available - (Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
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
