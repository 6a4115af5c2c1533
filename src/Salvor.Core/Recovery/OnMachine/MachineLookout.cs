using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.OnMachine;

/// <summary>
/// Looks at everything at once. A look that hangs is left behind, and what it would have told is unknown.
/// </summary>
public sealed class MachineLookout(ImmutableArray<IMachineLook> looks, TimeProvider time) : ILookout
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(6);

    /// <summary>The look of each that has not ended yet: what hangs is not begun a second time.</summary>
    private readonly Task<Observations>?[] _running = new Task<Observations>?[looks.Length];

    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        for (var i = 0; i < looks.Length; i++)
        {
            if (_running[i] is not { IsCompleted: false })
            {
                _running[i] = RunAsync(looks[i], ct);
            }
        }

        try
        {
            await Task.WhenAll(_running.Select(task => task!)).WaitAsync(Limit, time, ct);
        }
        catch (TimeoutException)
        {
            // What has not answered by now is unknown.
        }

        return _running.Where(task => task is { IsCompletedSuccessfully: true })
            .Aggregate(Observations.None, (seen, task) => seen.And(task!.Result));
    }

    private static async Task<Observations> RunAsync(IMachineLook look, CancellationToken ct)
    {
        await Task.Yield(); // One that blocks must not hold up the others.
        try
        {
            return await look.LookAsync(ct);
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return Observations.None;
        }
    }
}
