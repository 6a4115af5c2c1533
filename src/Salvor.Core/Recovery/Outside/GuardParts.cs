using Salvor.ObjectStore.Probe;
using Salvor.Platform;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Lease;
using Salvor.Recovery.OnMachine.Journal;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Recovery.Outside;

/// <summary>What a guard works with.</summary>
/// <param name="Cloud">Opens the cloud, or fails; it is asked again and again.</param>
/// <param name="Repository">Opens the repository, or fails; it is asked again and again.</param>
/// <param name="Entropy">Nonces.</param>
/// <param name="Time">The clock.</param>
public sealed record GuardParts(
    Func<CancellationToken, Task<CloudPorts>> Cloud, Func<CancellationToken, Task<OpenRepository>> Repository,
    IEntropy Entropy, TimeProvider Time)
{
    /// <summary>Every renewal is a put that costs: one in 20 s. A leader's death is noticed after 100 s.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(90);

    /// <exception cref="Errors.SalvorException">The store may not hold a lease, or did not answer.</exception>
    internal async Task<GuardLease> OpenLeaseAsync(GuardTarget target, CancellationToken ct)
    {
        var repository = await Repository(ct);
        var probe = await new StoreProbe(repository.Store, Entropy, Time).RunAsync(ct);
        var objects = new StoreJson(repository);
        var options = new LeaseOptions
        {
            Holder = target.Guard,
            Duration = LeaseDuration,
            Margin = LeaseDuration / 9,
        };
        return new GuardLease(
            new StoreLease(objects, probe, options, Time, Entropy),
            new StoreJournals<JournalEntry>(objects, probe, JournalJson.Default.JournalEntry),
            new StoreNotices(objects));
    }
}
