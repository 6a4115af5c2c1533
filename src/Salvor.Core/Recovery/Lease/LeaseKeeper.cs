using Salvor.Errors;
using Salvor.Formats;

namespace Salvor.Recovery.Lease;

/// <summary>Takes the lease as soon as that may be done, and holds it until told to stop.</summary>
/// <remarks>What it reports is for people. Whoever acts asks <see cref="StoreLease.IsHeld"/> before each act.</remarks>
public sealed class LeaseKeeper(StoreLease lease, TimeProvider time)
{
    private const int TriesPerInterval = 4;

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs until it is cancelled, and gives the lease back then.</summary>
    /// <param name="report">Is told after each call how it stands.</param>
    /// <param name="ct">Ends it.</param>
    public async Task RunAsync(Action<LeaseStanding> report, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var standing = await CallAsync(ct);
                report(standing);
                await Task.Delay(PauseAfter(standing), time, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await ReleaseAsync();
        }
    }

    private async Task<LeaseStanding> CallAsync(CancellationToken ct)
    {
        try
        {
            return lease.IsHeld ? await lease.RenewAsync(ct) : await lease.TryTakeAsync(ct);
        }
        catch (SalvorException e)
        {
            return StandingWith(e);
        }
        catch (CorruptDataException e)
        {
            return StandingWith(new SalvorException(ErrorCode.Corrupt, e.Message, e)
            {
                Hint = "Nobody recovers this cluster automatically before the object was looked at.",
            });
        }
    }

    private LeaseStanding StandingWith(SalvorException fault) => lease.Generation is { } generation
        ? new LeaseStanding(LeaseState.Held, generation, lease.Holder.Value, TimeSpan.Zero, fault)
        : new LeaseStanding(LeaseState.Unknown, Generation: 0, Holder: null, TimeSpan.Zero, fault);

    /// <summary>A failed renewal is repeated sooner; a foreign lease is looked at when it may have run out.</summary>
    private TimeSpan PauseAfter(LeaseStanding standing)
    {
        var pause = standing.Fault is not null || standing.State is LeaseState.Free or LeaseState.Unknown
            ? lease.RenewalInterval / TriesPerInterval
            : lease.RenewalInterval;
        if (standing.State != LeaseState.Held && standing.Left > TimeSpan.Zero && standing.Left < pause)
        {
            pause = standing.Left;
        }

        return pause > PauseMin ? pause : PauseMin;
    }

    private async Task ReleaseAsync()
    {
        try
        {
            await lease.ReleaseAsync(CancellationToken.None); // The store's own bound on time ends it.
        }
        catch (SalvorException)
        {
            // Others wait until it has run out. We do not hold it any more in any case.
        }
    }
}
