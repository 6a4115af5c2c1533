using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>A rung that was taken, for the budgets.</summary>
/// <param name="At">
/// By the machine's clock. One of the future counts as just taken: a jump back frees no budget.
/// </param>
public readonly record struct TakenRung(CauseId Cause, Rung Rung, DateTimeOffset At);
