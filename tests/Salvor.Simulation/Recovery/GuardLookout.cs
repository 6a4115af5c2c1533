using Salvor.Errors;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Simulation.Recovery.Model;

namespace Salvor.Simulation.Recovery;

/// <summary>What a guard sees from its zone.</summary>
internal sealed class GuardLookout(
    Region region, Provider cloud, Process process, StoreJson objects, PeerViews peers, Noise noise) : ILookout
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(60);

    private HeartbeatWatch? _watch;
    private Machine? _watched;
    private bool _isKnown;

    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        var machine = region.Current;
        var seen = await DescribeAsync(machine);
        seen = seen.And(await ProbeAsync(machine));
        seen = seen.And(await WatchAsync(machine, ct));
        if (seen[Sign.RepositoryReachable].Truth == Truth.Yes)
        {
            peers.Tell(process.Name, seen[Sign.EndpointReady].Truth);
            seen = seen.With(Sign.PeerSeesReady, peers.Ask(process.Name));
        }

        return seen;
    }

    private async Task<Observations> DescribeAsync(Machine machine)
    {
        try
        {
            var sight = await cloud.DescribeAsync(process, machine);
            return Observations.None.With(Sign.ProviderReachable, isSo: true)
                .With(Sign.MachineRuns, sight.Power is Power.Running)
                .With(Sign.MachineStopped, sight.Power is Power.Off)
                .With(Sign.MachineTerminated, sight.Power is Power.Terminated)
                .With(Sign.InstanceCheckFails, sight.InstanceFails)
                .With(Sign.SystemCheckFails, sight.SystemFails)
                .With(Sign.VolumeAttached, sight.IsAttached)
                .With(Sign.VolumeExists, sight.VolumeExists)
                .With(Sign.MachineFenced, sight.IsFenced);
        }
        catch (SalvorException e) when (e.IsTransient)
        {
            return Observations.None.With(Sign.ProviderReachable, isSo: false);
        }
    }

    private async Task<Observations> ProbeAsync(Machine machine)
    {
        await process.WaitAsync(TimeSpan.FromMilliseconds(20 + region.Random.Next(500)));
        if (noise.Loses())
        {
            return Observations.None;
        }

        var isReached = region.Reaches(process.Zone, machine);
        return Observations.None
            .With(Sign.EndpointAccepts, isReached && machine.ApiRuns)
            .With(Sign.EndpointReady, isReached && machine.IsServing);
    }

    private async Task<Observations> WatchAsync(Machine machine, CancellationToken ct)
    {
        if (_watched != machine)
        {
            _watched = machine;
            _isKnown = false;
            Assert.True(HolderId.TryParse(AgentProcess.HolderOf(machine), out var holder));
            _watch = new HeartbeatWatch(objects, holder, process.Time);
        }

        try
        {
            var sight = await _watch!.LookAsync(ct);
            _isKnown |= sight.HasChanged;
            return Observations.None.With(Sign.RepositoryReachable, isSo: true)
                .With(Sign.BackupVerified, isSo: true)
                .With(Sign.HeartbeatKnown, _isKnown)
                .With(Sign.HeartbeatFresh, sight.Beat is not null && sight.Silence < FreshFor);
        }
        catch (SalvorException e) when (e.IsTransient)
        {
            return Observations.None.With(Sign.RepositoryReachable, isSo: false);
        }
    }
}
