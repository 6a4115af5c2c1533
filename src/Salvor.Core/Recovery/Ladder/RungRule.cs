using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;

namespace Salvor.Recovery.Ladder;

/// <summary>When a rung may be taken, how often, and what it consists of.</summary>
public sealed record RungRule(Rung Rung, Harm Harm, ImmutableArray<StepKind> Steps)
{
    /// <summary>What is done without a word from anybody.</summary>
    public RecoveryMode Mode { get; init; } = RecoveryMode.Automatic;

    /// <summary>How often it may be taken within <see cref="BudgetWindow"/>, for whatever cause.</summary>
    public int Budget { get; init; } = 4;

    /// <inheritdoc cref="Budget"/>
    public TimeSpan BudgetWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long after it the next rung of the same cause waits for it to help.</summary>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The step from which on the plan is only ever gone on with: what it has done can't be taken back by then. A plan
    /// whose steps are all harmless to leave has none.
    /// </summary>
    public StepKind? NoReturnFrom { get; init; }

    /// <summary>
    /// Steps before which a fresh look must still show the cause: those that would hurt a healthy cluster.
    /// </summary>
    public ImmutableArray<StepKind> LookBefore { get; init; } = [];

    /// <summary>
    /// What a fresh look must show before a step, however far the plan is: it is waited for, and its opposite ends the
    /// plan.
    /// </summary>
    public ImmutableArray<(StepKind Step, Clue Clue)> Needs { get; init; } = [];

    /// <summary>
    /// What takes a plan back that is not gone on with, in this order, each for a step that was begun.
    /// </summary>
    public ImmutableArray<(StepKind Step, StepKind Undo)> Undo { get; init; } = [];

    /// <summary>Whether a step waits for a fresh look.</summary>
    public bool LooksBefore(StepKind step) => LookBefore.Contains(step) || Needs.Any(need => need.Step == step);

    /// <summary>Whether a cause is certain enough for it. What would do harm waits for what can't be seen.</summary>
    public bool Allows(Certainty certainty) => Harm < Harm.Data || certainty == Certainty.Certain;
}
