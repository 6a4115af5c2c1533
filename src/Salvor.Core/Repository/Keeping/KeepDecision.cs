using System.Collections.Immutable;

namespace Salvor.Repository.Keeping;

/// <summary>Whether a snapshot is kept.</summary>
/// <param name="Snapshot">Which one.</param>
/// <param name="Reasons">Every rule that wants it; empty when none does, and it may go.</param>
/// <param name="IsCovered">Whether a newer one is verified.</param>
public sealed record KeepDecision(KeepingSnapshot Snapshot, ImmutableArray<KeepReason> Reasons, bool IsCovered)
{
    public bool IsKept => !Reasons.IsEmpty;
}
