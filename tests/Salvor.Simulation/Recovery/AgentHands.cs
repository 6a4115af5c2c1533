using System.Text;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Simulation.Recovery.Model;

namespace Salvor.Simulation.Recovery;

/// <summary>Changes the agent's machine.</summary>
internal sealed class AgentHands(
    Region region, Machine machine, Process process, IObjectStore store, RepositoryTimelines timelines, Safety safety)
    : IHands
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(2);

    private (long Revision, int Timeline)? _source;

    public async Task<StepReport> DoAsync(StepOrder order, CancellationToken ct)
    {
        var rule = RungTable.Find(RungTable.Agent, order.Rung);
        if (rule.Harm >= Harm.Restarts && order.Step == rule.Steps[0])
        {
            region.Truth.Hurt(order.PlanId, rule, machine, isFromOutside: false);
        }

        await process.WaitAsync(TimeSpan.FromMilliseconds(200 + region.Random.Next(4000)));
        var report = await DoAsync(order.Step, ct);
        region.Changed();
        return report;
    }

    private Task<StepReport> DoAsync(StepKind step, CancellationToken ct) => step switch
    {
        StepKind.HoldEtcd => HoldAsync(),
        StepKind.ReleaseEtcd => ReleaseAsync(ct),
        StepKind.ChooseSource => ChooseAsync(ct),
        StepKind.PutDataInPlace => PutAsync(ct),
        StepKind.BeginTimeline => BeginAsync(ct),
        StepKind.AwaitReady => AwaitAsync(),
        _ => Task.FromResult(DoAtOnce(step)),
    };

    private StepReport DoAtOnce(StepKind step)
    {
        switch (step)
        {
            case StepKind.StartKubelet:
                machine.KubeletActive = true;
                break;
            case StepKind.RestartKubelet:
                machine.RestartKubelet();
                break;
            case StepKind.RemoveExitedContainers:
                machine.EtcdExited = machine.ApiExited = false;
                break;
            case StepKind.StopApiServer:
                machine.ApiHung = machine.ApiRuns = false;
                break;
            case StepKind.RemoveStaleSandboxes:
                machine.SandboxTaken = false;
                break;
            case StepKind.QuarantineStrays:
                machine.Stray = false;
                break;
            case StepKind.PutBackManifests:
                machine.BadManifest = false;
                machine.ApiManifest = true;
                machine.EtcdManifest |= !machine.EtcdHeld;
                break;
            case StepKind.MountVolume:
                machine.IsMounted = machine.Volume is { Exists: true };
                return machine.IsMounted ? StepReport.Done() : StepReport.Failed("there is no volume");
            case StepKind.ReleaseReserve:
                machine.DiskFull = false;
                break;
            case StepKind.RenewCertificates:
                machine.LeafExpired = false;
                break;
            case StepKind.RestartRuntime:
                machine.RuntimeUp = true;
                break;
            case StepKind.BackUp:
                return region.ReachesStore(machine) ? StepReport.Done() : StepReport.Failed("the store is away");
            case StepKind.CompactAndDisarm:
                machine.NoSpace = false;
                break;
            case StepKind.StandDown:
                region.Truth.StandDown(machine);
                machine.EtcdHeld |= machine.EtcdManifest;
                machine.EtcdManifest = machine.ApiManifest = false;
                break;
            default:
                throw new InvalidOperationException($"{step} is no step of an agent's.");
        }

        return StepReport.Done();
    }

    private async Task<StepReport> HoldAsync()
    {
        if (!safety.HoldsEtcd)
        {
            return StepReport.Done();
        }

        machine.EtcdHeld |= machine.EtcdManifest;
        machine.EtcdManifest = false;
        for (var i = 0; i < 15 && machine.EtcdRuns; i++)
        {
            await process.WaitAsync(TimeSpan.FromSeconds(2));
        }

        return machine.EtcdRuns ? StepReport.Failed("etcd runs on") : StepReport.Done();
    }

    private async Task<StepReport> ReleaseAsync(CancellationToken ct)
    {
        if (!machine.EtcdHeld)
        {
            return StepReport.Done();
        }

        if (safety.ChecksTimeline && await NewestAsync(ct) > machine.Volume?.Timeline)
        {
            return StepReport.Refused("a newer timeline is active: etcd stays held");
        }

        if (safety.ChecksData && !machine.HasGoodData)
        {
            return StepReport.Refused("the data is not good: etcd stays held");
        }

        region.Truth.Release(machine);
        (machine.EtcdManifest, machine.EtcdHeld) = (true, false);
        return StepReport.Done();
    }

    /// <summary>What the damaged data still gives, or what is stored: whichever loses less.</summary>
    private async Task<StepReport> ChooseAsync(CancellationToken ct)
    {
        var timeline = await NewestAsync(ct);
        var stored = region.Stored.GetValueOrDefault(timeline);
        var local = machine.Volume is { Data: VolumeData.Damaged or VolumeData.Whole } volume && machine.IsMounted
            && volume.Timeline == timeline
            ? volume.Revision
            : 0;
        _source = (safety.ChoosesNewest ? Math.Max(stored, local) : stored - 100, timeline);
        return StepReport.Done($"revision {_source}");
    }

    private async Task<StepReport> PutAsync(CancellationToken ct)
    {
        if (machine.Volume is not { Exists: true, Data: not VolumeData.Foreign } volume || !machine.IsMounted)
        {
            return StepReport.Refused("there is no volume to restore onto");
        }

        if (safety.ChecksTimeline && await NewestAsync(ct) > machine.OwnTimeline)
        {
            return StepReport.Refused("a newer timeline is active");
        }

        if (_source is null)
        {
            await ChooseAsync(ct); // Of a process before this one.
        }

        var (revision, timeline) = _source!.Value;
        await process.WaitAsync(TimeSpan.FromSeconds(5 + region.Random.Next(40)));
        revision = safety.ChoosesNewest
            ? Math.Max(revision, volume.Data == VolumeData.Damaged ? volume.Revision : 0)
            : revision;
        region.Truth.Replace(machine, revision, timeline);
        (volume.Data, volume.Revision, volume.Timeline) = (VolumeData.Whole, revision, timeline);
        region.Say($"the data of {machine.Name} is revision {revision} now");
        return StepReport.Done();
    }

    private async Task<StepReport> BeginAsync(CancellationToken ct)
    {
        if (machine.Volume is not { } volume)
        {
            return StepReport.Failed("there is no volume");
        }

        var next = new TimelineId(volume.Timeline).Next;
        var newest = await NewestAsync(ct);
        if (safety.ChecksTimeline && newest > volume.Timeline && !await IsBegunHereAsync(next, ct))
        {
            return StepReport.Refused("a newer timeline is active");
        }

        var name = RepositoryNames.Begin(next);
        var put = await store.PutAsync(name, new(Encoding.UTF8.GetBytes(machine.Name)), PutCondition.IfAbsent, ct);
        if (!put.IsStored && !await IsBegunHereAsync(next, ct))
        {
            return StepReport.Refused("somebody else began it");
        }

        region.Stored[next.Value] = Math.Max(region.Stored.GetValueOrDefault(next.Value), volume.Revision);
        volume.Timeline = next.Value;
        return StepReport.Done();
    }

    /// <summary>A put of ours whose answer was lost.</summary>
    private async Task<bool> IsBegunHereAsync(TimelineId timeline, CancellationToken ct)
    {
        using var found = await store.GetAsync(RepositoryNames.Begin(timeline), range: null, 1000, ct);
        return found is not null && Encoding.UTF8.GetString(found.Bytes.Span) == machine.Name;
    }

    private async Task<StepReport> AwaitAsync()
    {
        for (var end = region.Now + ReadyWithin; region.Now < end;)
        {
            if (machine.IsServing)
            {
                return StepReport.Done();
            }

            await process.WaitAsync(TimeSpan.FromSeconds(3));
        }

        return StepReport.Failed("the API is not ready");
    }

    private async Task<int> NewestAsync(CancellationToken ct) =>
        (await timelines.ReadAsync(ct)).Newest?.Value
        ?? throw new SalvorException(ErrorCode.StoreNotFound, "There is no timeline.");
}
