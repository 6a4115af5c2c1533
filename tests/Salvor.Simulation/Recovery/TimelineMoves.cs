using System.Text;
using Salvor.ObjectStore;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Simulation.Recovery.Model;

namespace Salvor.Simulation.Recovery;

/// <summary>What a guard does in the repository: claims, activates, and restores from it.</summary>
internal sealed class TimelineMoves(
    Region region, Process process, IObjectStore store, TimelineClaims claims, RepositoryTimelines timelines,
    Safety safety)
{
    public Volume? VolumeOf(Machine machine) =>
        region.Detached.GetValueOrDefault(machine) is { Exists: true } volume ? volume : null;

    public async Task<StepReport> VerifyAsync(CancellationToken ct)
    {
        var view = await timelines.ReadAsync(ct);
        return view.Newest is not null
            ? StepReport.Done(proofs: Proof.Verified)
            : StepReport.Refused("there is no backup");
    }

    public async Task<StepReport> ClaimAsync(string plan, long generation, CancellationToken ct)
    {
        var view = await timelines.ReadAsync(ct);
        var standing = await claims.TryClaimAsync(view.Next, generation, plan, ct);
        return standing.Result == ClaimResult.Claimed
            ? StepReport.Done(proofs: Proof.Claimed)
            : StepReport.Failed($"the claim of {view.Next} is {standing.Result}");
    }

    public async Task<StepReport> WithdrawAsync(string plan, CancellationToken ct)
    {
        var view = await timelines.ReadAsync(ct);
        if (view.Claim is not { State: ClaimState.Claimed } claim || claim.Reason != plan)
        {
            return StepReport.Done("there is no claim of ours");
        }

        var standing = await claims.WithdrawAsync(view.Next, plan, ct);
        return standing.Result == ClaimResult.Unknown
            ? StepReport.Failed("nobody knows whether the claim is withdrawn")
            : StepReport.Done();
    }

    /// <summary>The claim of the plan, by whatever guard made it: one with a newer lease takes it over first.</summary>
    public async Task<StepReport> ActivateAsync(string plan, long generation, CancellationToken ct)
    {
        if (!safety.RechecksClaim)
        {
            return StepReport.Done();
        }

        var view = await timelines.ReadAsync(ct);
        if (view.Newest is { } newest && !view.IsBegun
            && (await claims.LookAsync(newest, ct)).Claim is { } active && active.Reason == plan)
        {
            return StepReport.Done("it is active already");
        }

        if (view.Claim is not { State: ClaimState.Claimed } claim || claim.Reason != plan)
        {
            return StepReport.Refused("the claim does not stand");
        }

        var standing = await claims.LookAsync(view.Next, ct);
        if (standing.Result == ClaimResult.Elsewhere)
        {
            standing = await claims.TryClaimAsync(view.Next, generation, plan, ct);
        }

        standing = standing.Result == ClaimResult.Claimed ? await claims.ActivateAsync(view.Next, ct) : standing;
        return standing.Result switch
        {
            ClaimResult.Active => StepReport.Done(),
            ClaimResult.Outdated or ClaimResult.Withdrawn => StepReport.Refused($"the claim is {standing.Result}"),
            _ => StepReport.Failed($"the claim is {standing.Result}"),
        };
    }

    /// <summary>Restores the timeline before the newest, and begins the newest with it.</summary>
    public async Task<StepReport> RestoreAsync(string plan, Machine machine, CancellationToken ct)
    {
        var view = await timelines.ReadAsync(ct);
        var newest = safety.RechecksClaim ? view.Newest!.Value : view.Next;
        var from = newest.Value - 1;
        await process.WaitAsync(TimeSpan.FromSeconds(10 + region.Random.Next(60)));
        var revision = region.Stored.GetValueOrDefault(from);
        region.Truth.BeginElsewhere(machine, newest.Value);
        region.Truth.Replace(machine, revision, from);
        var content = Encoding.UTF8.GetBytes(plan);
        var put = await store.PutAsync(RepositoryNames.Begin(newest), new(content), PutCondition.IfAbsent, ct);
        if (!put.IsStored)
        {
            using var found = await store.GetAsync(RepositoryNames.Begin(newest), range: null, 1000, ct);
            if (found?.Bytes.Span.SequenceEqual(content) != true)
            {
                return StepReport.Failed("the timeline was begun by another one");
            }
        }

        region.Stored[newest.Value] = revision;
        machine.Volume = new Volume(machine.Zone, newest.Value, revision);
        machine.IsMounted = true;
        return StepReport.Done($"revision {revision}");
    }
}
