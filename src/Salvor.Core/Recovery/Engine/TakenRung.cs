using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>A rung that was taken, for the budgets.</summary>
/// <param name="Cause">What it was for.</param>
/// <param name="Rung">What was done.</param>
/// <param name="At">
/// By uptime, so that no jump of the machine's clock frees a budget. Before the process began it is negative.
/// </param>
public readonly record struct TakenRung(CauseId Cause, Rung Rung, TimeSpan At);
