using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>What an engine works by.</summary>
/// <param name="Causes">A cause before what follows from it.</param>
/// <param name="Rungs">The rule of every rung that a cause names.</param>
public sealed record RecoverySettings(ImmutableArray<Cause> Causes, ImmutableArray<RungRule> Rungs)
{
    /// <summary>The most that any rung may do by itself; a rung's own mode may be less.</summary>
    public RecoveryMode Mode { get; init; } = RecoveryMode.Advise;

    /// <summary>Who acts, as plans and the journal name it: at most 24 letters, digits and dashes.</summary>
    public string Owner { get; init; } = "salvor";

    /// <summary>Only the simulation takes any of it away, to show that it would notice.</summary>
    internal EngineSafety Safety { get; init; } = new();

    public RecoveryMode ModeOf(RungRule rule) => (RecoveryMode)Math.Min((int)Mode, (int)rule.Mode);

    public Cause CauseOf(CauseId id) => Causes.First(cause => cause.Id == id);

    public RungRule RuleOf(Rung rung) => RungTable.Find(Rungs, rung);
}
