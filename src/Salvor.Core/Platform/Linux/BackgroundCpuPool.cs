using System.Collections.Concurrent;

namespace Salvor.Platform.Linux;

/// <summary>Runs work on two threads of its own, to which the kernel prefers every other one.</summary>
/// <remarks>
/// For what computes beside a live etcd and can wait: a snapshot hashes on one thread while it seals on the other.
/// Linux has a nice value per thread, so what else the process does keeps its priority. Between control groups the
/// kernel looks at their weights first: docs/operations/back-up.md. The threads begin with the first work.
/// <para>
/// A thread passes its nice value on to those that it starts, and the runtime's pool starts threads wherever something
/// is handed to it. So a thread at the usual priority tells of what is done, and work here may only compute: what waits
/// for something asynchronous belongs into another pool.
/// </para>
/// </remarks>
public sealed class BackgroundCpuPool : ICpuPool, IDisposable
{
    /// <summary>On top of the process's own, so that nobody is ever raised. Ten make a tenth of the weight.</summary>
    public const int NiceIncrement = 10;

    private const int Threads = 2;

    private readonly BlockingCollection<Func<Action>> _work = [];
    private readonly BlockingCollection<Action> _done = [];
    private int _hasBegun;
    private int _working = Threads;

    public Task<T> Run<T>(Func<T> work, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _hasBegun, 1) == 0)
        {
            Begin();
        }

        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() => OutcomeOf(work, result, ct), CancellationToken.None);
        return result.Task;
    }

    /// <summary>Ends the threads when no work is left.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Begin()
    {
        for (var i = 0; i < Threads; i++)
        {
            new Thread(Work) { IsBackground = true, Name = "background" }.Start();
        }

        new Thread(Tell) { IsBackground = true, Name = "background-done" }.Start();
    }

    private void Work()
    {
        // Nobody is refused a lower priority. Should a sandbox do so, the work is done at the usual one.
        _ = Native.LowerPriority(NiceIncrement);
        foreach (var work in _work.GetConsumingEnumerable())
        {
            _done.Add(work());
        }

        if (Interlocked.Decrement(ref _working) == 0)
        {
            _done.CompleteAdding();
        }
    }

    private void Tell()
    {
        foreach (var tell in _done.GetConsumingEnumerable())
        {
            tell();
        }
    }

    /// <summary>Does the work.</summary>
    /// <returns>What tells whoever waits for it.</returns>
    private static Action OutcomeOf<T>(Func<T> work, TaskCompletionSource<T> result, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return () => result.SetCanceled(ct);
        }

        try
        {
            var value = work();
            return () => result.SetResult(value);
        }
        catch (OperationCanceledException e)
        {
            return () => result.SetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            return () => result.SetException(e); // Not the pool's: it reaches whoever waits for the work.
        }
    }
}
