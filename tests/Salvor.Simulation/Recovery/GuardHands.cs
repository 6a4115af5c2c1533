using Salvor.Errors;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Lease;
using Salvor.Simulation.Recovery.Model;

namespace Salvor.Simulation.Recovery;

/// <summary>Gives the cloud orders, and moves the control plane.</summary>
internal sealed class GuardHands(
    Region region, Provider cloud, Process process, StoreLease lease, TimelineMoves moves, Safety safety) : IHands
{
    private static readonly TimeSpan UpWithin = TimeSpan.FromMinutes(4);

    /// <summary>Each plan's machine: the one that it began with, which the endpoint may have left meanwhile.</summary>
    private readonly Dictionary<string, Machine> _old = [];

    public async Task<StepReport> DoAsync(StepOrder order, CancellationToken ct)
    {
        if (safety.HeedsOthers && !lease.IsHeld)
        {
            return StepReport.Failed("the lease is lost");
        }

        var machine = _old.TryGetValue(order.PlanId, out var known) ? known : _old[order.PlanId] = Old(order);
        var report = await DoAsync(order, machine, ct);
        region.Say($"{process.Name}: {order.Step} of {order.Rung} on {machine.Name}: {report.Result} {report.Detail}");
        return report;
    }

    private Task<StepReport> DoAsync(StepOrder order, Machine machine, CancellationToken ct) => order.Step switch
    {
        StepKind.DisableAlarms => AlarmsAsync(machine, areEnabled: !safety.DisablesAlarms),
        StepKind.EnableAlarms => AlarmsAsync(order.Rung == Rung.Reprovision ? region.Current : machine, true),
        StepKind.StartMachine => StartAsync(machine),
        StepKind.RebootMachine => RebootAsync(order, machine),
        StepKind.StopMachine => StopAsync(order, machine),
        StepKind.ConfirmStopped => ConfirmAsync(order, machine),
        StepKind.AwaitMachine => AwaitAsync(order.Rung == Rung.Reprovision ? region.Current : machine),
        StepKind.VerifyBackup => moves.VerifyAsync(ct),
        StepKind.ClaimTimeline => moves.ClaimAsync(order.PlanId, lease.Generation ?? 0, ct),
        StepKind.WithdrawClaim => moves.WithdrawAsync(order.PlanId, ct),
        StepKind.ActivateTimeline => moves.ActivateAsync(order.PlanId, lease.Generation ?? 0, ct),
        StepKind.FenceMachine => FenceAsync(order, machine),
        StepKind.UnfenceMachine => UnfenceAsync(machine),
        StepKind.AttachVolume => AttachAsync(order, machine),
        StepKind.RebuildVolume => RebuildAsync(order, machine),
        StepKind.LaunchMachine => LaunchAsync(order),
        StepKind.RestoreOnMachine => moves.RestoreAsync(order.PlanId, New(order), ct),
        StepKind.StartIsolated => StartIsolatedAsync(New(order)),
        StepKind.MoveEndpoint => MoveAsync(New(order)),
        StepKind.CleanStaleObjects or StepKind.ReleaseControllers => SoonAsync(),
        _ => throw new InvalidOperationException($"{order.Step} is no step of a guard's."),
    };

    private Machine New(StepOrder order) =>
        region.Machines.Find(machine => machine.Name == $"cp-{order.PlanId}")
        ?? throw new SalvorException(ErrorCode.CloudNotFound, "The machine was not launched.");

    /// <summary>After a crash the endpoint may lead to the plan's new machine already.</summary>
    private Machine Old(StepOrder order) => region.Current.Name != $"cp-{order.PlanId}"
        ? region.Current
        : region.Machines[^2];

    private async Task<StepReport> SoonAsync()
    {
        await process.WaitAsync(TimeSpan.FromSeconds(1 + region.Random.Next(5)));
        return StepReport.Done();
    }

    private async Task<StepReport> AlarmsAsync(Machine machine, bool areEnabled)
    {
        await cloud.SetAlarmsAsync(process, machine, areEnabled);
        return StepReport.Done();
    }

    private async Task<StepReport> StartAsync(Machine machine)
    {
        var sight = await cloud.DescribeAsync(process, machine);
        if (sight.Power == Power.Terminated)
        {
            return StepReport.Refused("it is terminated");
        }

        return await cloud.StartAsync(process, machine)
            ? StepReport.Done()
            : StepReport.Failed("it does not start now");
    }

    private async Task<StepReport> RebootAsync(StepOrder order, Machine machine)
    {
        var sight = await cloud.DescribeAsync(process, machine);
        if (sight.Power == Power.Terminated)
        {
            return StepReport.Refused("it is terminated");
        }

        if (sight is { Power: Power.Running, InstanceFails: false } && region.Reaches(process.Zone, machine)
            && machine.IsServing)
        {
            return StepReport.Done("it answers by now");
        }

        Hurt(order, machine);
        return await cloud.RebootAsync(process, machine) ? StepReport.Done() : StepReport.Failed("it does not run");
    }

    private async Task<StepReport> StopAsync(StepOrder order, Machine machine)
    {
        Hurt(order, machine);
        await cloud.StopAsync(process, machine);
        return StepReport.Done();
    }

    /// <summary>Twice, further apart than a description may be behind: an old "stopped" proves nothing.</summary>
    private async Task<StepReport> ConfirmAsync(StepOrder order, Machine machine)
    {
        if (!safety.ConfirmsStop)
        {
            return StepReport.Done(proofs: Proof.Stopped);
        }

        var seen = 0;
        for (var end = region.Now + TimeSpan.FromMinutes(3); region.Now < end;)
        {
            var sight = await cloud.DescribeAsync(process, machine);
            seen = sight.Power is Power.Off or Power.Terminated ? seen + 1 : 0;
            if (seen == 2)
            {
                return StepReport.Done(proofs: Proof.Stopped);
            }

            await cloud.StopAsync(process, machine); // The order may have been taken, and nothing have come of it.
            await process.WaitAsync(Provider.StaleMax + TimeSpan.FromSeconds(5));
        }

        // What follows from it is left to the engine: nothing is proven.
        return order.Rung == Rung.Reprovision
            ? StepReport.Done("nobody knows whether it is stopped")
            : StepReport.Failed("it does not stop");
    }

    private async Task<StepReport> AwaitAsync(Machine machine)
    {
        for (var end = region.Now + UpWithin; region.Now < end;)
        {
            var sight = await cloud.DescribeAsync(process, machine);
            if (sight is { Power: Power.Running, InstanceFails: false, SystemFails: false }
                && region.Reaches(process.Zone, machine) && machine.IsServing)
            {
                return StepReport.Done();
            }

            await process.WaitAsync(TimeSpan.FromSeconds(5));
        }

        return StepReport.Failed("it does not answer");
    }

    private async Task<StepReport> FenceAsync(StepOrder order, Machine machine)
    {
        if (machine.Power != Power.Terminated)
        {
            Hurt(order, machine);
        }

        if (safety.TagsFenced)
        {
            await cloud.SetFencedAsync(process, machine, isFenced: true);
        }

        return StepReport.Done(proofs: Proof.CutOff);
    }

    private async Task<StepReport> UnfenceAsync(Machine machine)
    {
        await cloud.SetFencedAsync(process, machine, isFenced: false);
        return StepReport.Done();
    }

    private async Task<StepReport> AttachAsync(StepOrder order, Machine machine)
    {
        if (moves.VolumeOf(machine) is not { } volume)
        {
            return StepReport.Refused("there is no such volume");
        }

        Hurt(order, machine);
        await cloud.AttachAsync(process, machine, volume);
        return StepReport.Done();
    }

    private async Task<StepReport> RebuildAsync(StepOrder order, Machine machine)
    {
        if (machine.Volume is not { Exists: true })
        {
            Hurt(order, machine);
            await process.WaitAsync(TimeSpan.FromSeconds(20 + region.Random.Next(60)));
            var volume = new Volume(machine.Zone, region.Newest, revision: 0) { Data = VolumeData.Gone };
            await cloud.AttachAsync(process, machine, volume);
        }

        return StepReport.Done();
    }

    private async Task<StepReport> LaunchAsync(StepOrder order)
    {
        var launched = await cloud.LaunchAsync(process, order.PlanId, process.Zone);
        if (launched is null)
        {
            return StepReport.Failed("there is no capacity");
        }

        for (var i = 0; i < 60 && launched.Power != Power.Running; i++)
        {
            await process.WaitAsync(TimeSpan.FromSeconds(3));
        }

        return launched.Power == Power.Running ? StepReport.Done() : StepReport.Failed("it does not come up");
    }

    private async Task<StepReport> StartIsolatedAsync(Machine machine)
    {
        await SoonAsync();
        region.Truth.StartAnew(machine);
        machine.EtcdManifest = machine.ApiManifest = true;
        machine.EtcdHeld = false;
        return StepReport.Done();
    }

    private async Task<StepReport> MoveAsync(Machine machine)
    {
        await SoonAsync();
        region.Say($"the endpoint moves to {machine.Name}");
        region.Current = machine;
        region.Changed();
        return StepReport.Done();
    }

    private void Hurt(StepOrder order, Machine machine) => region.Truth.Hurt(
        order.PlanId, RungTable.Find(RungTable.Guard, order.Rung), machine,
        isFromOutside: order.Rung is Rung.Reboot or Rung.StopStart or Rung.Reprovision);
}
