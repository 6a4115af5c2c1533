using Salvor.Recovery.Driver;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.Outside;

/// <summary>
/// Hands what a guard sees while it watches to whoever waits for it: always a look that began after the asking.
/// </summary>
internal sealed class LatestLook : ILookout
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<Observations> _next = New();
    private TaskCompletionSource<Observations>? _underWay;

    /// <summary>The last one; nothing is known before the first.</summary>
    public Observations Seen { get; private set; } = Observations.None;

    public Task<Observations> LookAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            return _next.Task.WaitAsync(ct);
        }
    }

    /// <summary>A look begins.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            // Whoever asks from now on waits for the one after it.
            (_underWay, _next) = (_next, New());
        }
    }

    /// <summary>The look that was begun has ended.</summary>
    public void End(Observations seen)
    {
        TaskCompletionSource<Observations>? ended;
        lock (_gate)
        {
            Seen = seen;
            (ended, _underWay) = (_underWay, null);
        }

        ended?.SetResult(seen);
    }

    private static TaskCompletionSource<Observations> New() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
