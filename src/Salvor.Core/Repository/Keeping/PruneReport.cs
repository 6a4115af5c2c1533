using System.Collections.Immutable;
using Salvor.Errors;

namespace Salvor.Repository.Keeping;

/// <summary>What a prune did, or would do.</summary>
public sealed record PruneReport
{
    /// <summary>The repository's place.</summary>
    public required string Repository { get; init; }

    /// <summary>Whether nothing was changed.</summary>
    public required bool IsDryRun { get; init; }

    /// <summary>
    /// The store's clock. A dry run writes nothing to read it by: there it is the newest time that the store shows, and
    /// the clock may be ahead of it.
    /// </summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Every snapshot, oldest first.</summary>
    public required ImmutableArray<KeepDecision> Decisions { get; init; }

    /// <summary>What of the log was merged, or would be.</summary>
    public required MergeTotals Merged { get; init; }

    /// <summary>Why merging ended before all was done, the rest of the prune notwithstanding; null when it did not.
    /// </summary>
    public required SalvorException? MergeFault { get; init; }

    /// <summary>
    /// How many segments stay although their day has come, since they tell something else than those that hold their
    /// revisions, too, or one of both can't be read.
    /// </summary>
    public required int Unproven { get; init; }

    /// <summary>What was deleted now, since a plan had named it long enough ago.</summary>
    public required PruneTotals Deleted { get; init; }

    /// <summary>What the new plan names, to be deleted by a prune in 24 hours.</summary>
    public required PruneTotals Planned { get; init; }

    /// <summary>Plans that wait for their 24 hours, without the new one.</summary>
    public required int PlansWaiting { get; init; }

    /// <summary>Plans that could not be read.</summary>
    public required int PlansDamaged { get; init; }

    /// <summary>When the first plan is due, by the store's clock; null when none waits.</summary>
    public required DateTimeOffset? NextDue { get; init; }
}
