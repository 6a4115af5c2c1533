using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>A step to do.</summary>
public sealed record StepOrder(string PlanId, CauseId Cause, Rung Rung, StepKind Step);
