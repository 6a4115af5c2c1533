using Salvor.Errors;
using Salvor.Formats;
using Salvor.Platform;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Recovery.Outside;

/// <summary>Looks at a control plane from outside: its endpoint, its provider, its agent, the other guards.</summary>
/// <remarks>
/// A guard that reaches neither the repository nor the provider is the one that is cut off. It can't conclude anything
/// then: every cause requires the provider's word, and every act the lease.
/// </remarks>
public sealed class GuardLookout : ILookout
{
    private readonly GuardTarget _target;
    private readonly EndpointProbe _endpoint;
    private readonly Func<CancellationToken, Task<OpenRepository>> _repository;
    private readonly TimeProvider _time;
    private readonly CloudLook _cloud;
    private readonly AgentLook _agents;
    private readonly Peers _peers;

    /// <param name="target">What is watched.</param>
    /// <param name="endpoint">The probe of its endpoint.</param>
    /// <param name="cloud">Opens the cloud, or fails; asked at every look.</param>
    /// <param name="repository">Opens the repository, or fails; asked at every look.</param>
    /// <param name="entropy">Names this run.</param>
    /// <param name="time">The clock.</param>
    public GuardLookout(
        GuardTarget target, EndpointProbe endpoint, Func<CancellationToken, Task<CloudPorts>> cloud,
        Func<CancellationToken, Task<OpenRepository>> repository, IEntropy entropy, TimeProvider time)
    {
        _target = target;
        _endpoint = endpoint;
        _repository = repository;
        _time = time;
        _cloud = new CloudLook(target, cloud, time);
        _agents = new AgentLook(target.Times, time);
        _peers = new Peers(target, entropy, time);
    }

    /// <summary>Whether this guard leads, as it tells the others.</summary>
    public bool IsLeader { get; set; }

    /// <summary>Whether a look shows that it is this guard that is cut off.</summary>
    public static bool IsIsolated(Observations seen) =>
        seen[Sign.RepositoryReachable].Truth != Truth.Yes && seen[Sign.ProviderReachable].Truth != Truth.Yes;

    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        var endpoint = _endpoint.LookAsync(ct);
        var cloud = _cloud.LookAsync(ct);
        var repository = OfRepositoryAsync(ct);
        var sight = await endpoint;
        var seen = Observations.None
            .With(Sign.EndpointAccepts, sight.Accepts, sight.Detail)
            .With(Sign.EndpointReady, sight.Ready, sight.Detail)
            .And(await cloud)
            .And(await repository);
        await ReportAsync(seen, ct);
        return seen;
    }

    private async Task<Observations> OfRepositoryAsync(CancellationToken ct)
    {
        using var clock = new CancellationTokenSource(_target.Times.LookLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, ct);
        try
        {
            var objects = new StoreJson(await _repository(either.Token));
            var agents = await _agents.LookAsync(objects, either.Token);
            return agents.And(await _peers.LookAsync(objects, either.Token))
                .With(Sign.RepositoryReachable, Truth.Yes);
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return Observations.None.With(Sign.RepositoryReachable, Truth.No, e.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Observations.None.With(Sign.RepositoryReachable, Truth.No, "it did not answer in time");
        }
    }

    private async Task ReportAsync(Observations seen, CancellationToken ct)
    {
        if (seen[Sign.RepositoryReachable].Truth != Truth.Yes)
        {
            return;
        }

        using var clock = new CancellationTokenSource(_target.Times.LookLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, ct);
        try
        {
            await _peers.ReportAsync(new StoreJson(await _repository(either.Token)), seen, IsLeader, either.Token);
        }
        catch (SalvorException)
        {
            // The others see that this guard is silent.
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // As above.
        }
    }
}
