using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>What is being done about a cause: a rung's steps, and how far they are.</summary>
/// <param name="Id">Names it in the journal.</param>
/// <param name="Cause">What it is for.</param>
/// <param name="Rung">What is done.</param>
/// <param name="Steps">In order. Of a plan that is taken back: what takes it back.</param>
public sealed record Plan(string Id, CauseId Cause, Rung Rung, ImmutableArray<StepKind> Steps)
{
    /// <summary>The index of the step that is under way, or next.</summary>
    public int At { get; init; }

    public PlanPhase Phase { get; init; }

    /// <summary>Whether it is being taken back.</summary>
    public bool IsUndo { get; init; }

    /// <summary>Whether a step of it was given up, and the next one done all the same.</summary>
    public bool HasPassedOver { get; init; }

    /// <summary>Whether a person was told that it waits for something that can't be seen.</summary>
    public bool IsPaged { get; init; }

    /// <summary>How often the present step was tried and failed.</summary>
    public int Failures { get; init; }

    /// <summary>When the present step may be tried, by uptime.</summary>
    public TimeSpan NotBefore { get; init; }

    /// <summary>What its steps have proven.</summary>
    public Proof Proofs { get; init; }

    /// <summary>Steps that were begun, in order; their effects may be there.</summary>
    public ImmutableArray<StepKind> Begun { get; init; } = [];

    /// <summary>Why it was opened: what was seen.</summary>
    public ImmutableArray<string> Evidence { get; init; } = [];

    public StepKind Step => Steps[At];

    /// <summary>Whether its effects can't be taken back any more.</summary>
    public bool IsPastReturn(RungRule rule) => !IsUndo && rule.NoReturnFrom is { } edge && Begun.Contains(edge);
}
