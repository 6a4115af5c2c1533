using System.Collections.Immutable;
using Salvor.ObjectStore;
using Salvor.Platform;

namespace Salvor.Repository.Keeping;

/// <summary>
/// Deletes what retention does not keep, in two phases that are 24 hours apart: docs/formats/repository.md.
/// </summary>
/// <remarks>
/// One run does both: it carries out the plans that are due, and writes a plan of what is unneeded since. It may be
/// killed anywhere, and any number may run beside each other and beside writers.
/// </remarks>
public sealed class Pruner(OpenRepository repository, VerifiedSnapshots verified, IEntropy entropy, TimeProvider time)
{
    /// <summary>A part of the hour that a prune has from its look to its last deletion.</summary>
    private static readonly TimeSpan ReadingMax = TimeSpan.FromMinutes(20);

    /// <summary>Which segments of the log are merged.</summary>
    public MergeRules Merging { get; init; } = new();

    /// <param name="policy">What to keep.</param>
    /// <param name="isDryRun">Only look: nothing is written.</param>
    /// <param name="ct">Ends the work; what is deleted stays deleted.</param>
    public async Task<PruneReport> RunAsync(RetentionPolicy policy, bool isDryRun, CancellationToken ct)
    {
        // In this order: the look at the snapshots must be later than the time by which plans are due.
        DateTimeOffset? read = isDryRun
            ? null
            : await new StoreClock(repository.Store, entropy, time).ReadAsync(ct);
        var limit = new WorkLimit(time, WorkLimit.Usual);
        var plans = await new PrunePlans(repository).ReadAsync(ct);
        var inventory = await new InventoryReader(repository, verified).ReadAsync(ct);
        var now = read ?? NewestSeen(inventory, plans);
        var outcome = Retention.Decide(
            inventory.SelectMany(timeline => timeline.ToKeeping()),
            [.. inventory.Select(timeline => timeline.Timeline)],
            policy,
            now);
        var planner = new PrunePlanner(inventory, outcome, now);
        var work = planner.Look(plans);
        var (workLog, workLogTotals) = await CountAsync(work.Log, ct);
        var merge = new LogMerge(repository, Merging, entropy, time);
        var proof = new CoverProof(repository, Merging, new WorkLimit(time, ReadingMax));
        var due = LogMerge.CoveredBy(work.Covering, workLog);
        foreach (var covered in isDryRun ? [] : due)
        {
            await proof.RunAsync(covered, ct);
        }

        var workCovered = isDryRun ? await merge.CountAsync(due, ct) : Total(proof.Proven);
        work = work with { Log = workLog, Covered = proof.Proven };
        if (!isDryRun)
        {
            await new PruneExecution(repository, limit).RunAsync(work, ct);
        }

        // Counted when the other plans' part is gone.
        var plan = planner.Plan(plans, work, await merge.FindCoveringAsync(ct), time.GetUtcNow());
        var planTotals = Total(plan, inventory);
        var (planLog, planLogTotals) = await CountAsync(plan.Log, ct);
        plan = plan with { Log = planLog };
        var planCovered = await merge.CountAsync(
            LogMerge.CoveredBy(PrunePlanner.SegmentsOf(plan.Covering), planLog), ct);
        if (!plan.IsEmpty && !isDryRun)
        {
            await new PrunePlans(repository).WriteAsync(plan, ObjectId.New(time, entropy), ct);
        }

        // Last: it needs space before it saves any, and what is merged now is planned by the next prune.
        await merge.RunAsync(isDryRun, ct);
        if (!isDryRun)
        {
            await repository.Store.RemoveAbandonedAsync(now - PrunePlanner.Wait, ct);
        }

        var waiting = plans.Where(stored => !planner.IsDue(stored)).ToArray();
        return new PruneReport
        {
            Repository = repository.Store.Location,
            IsDryRun = isDryRun,
            Now = now,
            Decisions = outcome.Decisions,
            Merged = merge.Totals,
            MergeFault = merge.Fault,
            Unproven = proof.Unproven,
            Deleted = Add(Add(Total(work), workLogTotals), workCovered),
            Planned = Add(Add(planTotals, planLogTotals), planCovered),
            PlansWaiting = waiting.Length,
            PlansDamaged = plans.Count(stored => stored.Plan is null),
            NextDue = waiting.Select(stored => (DateTimeOffset?)(stored.Stored + PrunePlanner.Wait))
                .Append(plan.IsEmpty ? null : now + PrunePlanner.Wait)
                .Min(),
        };
    }

    private static DateTimeOffset NewestSeen(ImmutableArray<TimelineInventory> inventory, List<StoredPlan> plans) =>
        inventory.Select(timeline => timeline.NewestSeen)
            .Concat(plans.Select(plan => plan.Stored))
            .DefaultIfEmpty(DateTimeOffset.UnixEpoch)
            .Max();

    /// <summary>The ranges that hold any segment, and what they hold.</summary>
    private async Task<(ImmutableArray<PruneLogRange> Log, PruneTotals Totals)> CountAsync(
        ImmutableArray<PruneLogRange> ranges, CancellationToken ct)
    {
        var held = ImmutableArray.CreateBuilder<PruneLogRange>();
        var totals = default(PruneTotals);
        foreach (var range in ranges)
        {
            var before = totals.Segments;
            await foreach (var info in PruneExecution.SegmentsOf(repository, range, ct))
            {
                totals = Add(totals, new PruneTotals(0, 0, 1, 0, info.LengthBytes));
            }

            if (totals.Segments > before)
            {
                held.Add(range);
            }
        }

        return (held.ToImmutable(), totals);
    }

    private static PruneTotals Total(ImmutableArray<ObjectInfo> segments) =>
        new(0, 0, segments.Length, 0, segments.Sum(info => info.LengthBytes));

    private static PruneTotals Total(PruneWork work) => new(
        work.Snapshots.Length,
        work.Packs.Length,
        Segments: 0,
        work.Checks.Length,
        work.Packs.Concat(work.Checks).Sum(info => info.LengthBytes));

    private static PruneTotals Total(PrunePlan plan, ImmutableArray<TimelineInventory> inventory)
    {
        var names = plan.Packs.Concat(plan.Checks).ToHashSet(StringComparer.Ordinal);
        var bytes = inventory.SelectMany(timeline => timeline.Packs.Concat(timeline.Checks))
            .Where(info => names.Contains(info.Name.Value))
            .Sum(info => info.LengthBytes);
        return new PruneTotals(plan.Snapshots.Length, plan.Packs.Length, Segments: 0, plan.Checks.Length, bytes);
    }

    private static PruneTotals Add(PruneTotals left, PruneTotals right) => new(
        left.Snapshots + right.Snapshots,
        left.Packs + right.Packs,
        left.Segments + right.Segments,
        left.Checks + right.Checks,
        left.Bytes + right.Bytes);
}
