using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>One line of the journal of recoveries.</summary>
public sealed record JournalEntry
{
    private const int TextMax = 4096;

    public required EntryKind Kind { get; init; }

    /// <summary>When, by the clock of whoever wrote it.</summary>
    public required DateTimeOffset At { get; init; }

    public required string PlanId { get; init; }

    public required CauseId Cause { get; init; }

    /// <summary>Null where a person is needed for a cause that nothing is done about.</summary>
    public Rung? Rung { get; init; }

    /// <summary>Of an intent and an outcome.</summary>
    public StepKind? Step { get; init; }

    /// <summary>Of an outcome; of a closed plan, <see cref="StepResult.Done"/> unless it was taken back.</summary>
    public StepResult? Result { get; init; }

    public Proof Proofs { get; init; }

    public string Text { get; init; } = "";

    /// <summary>
    /// Whether the entry can be of this program: what is stored may be anybody's, and a plan is resumed from it.
    /// </summary>
    public bool IsSane =>
        Enum.IsDefined(Kind) && Enum.IsDefined(Cause) && (Rung is not { } r || Enum.IsDefined(r))
        && (Step is not { } s || Enum.IsDefined(s)) && (Result is not { } e || Enum.IsDefined(e))
        && (Proofs & ~Proof.All) == 0 && PlanId is { Length: > 0 and <= 64 } && Text is { Length: <= TextMax }
        && Kind switch
        {
            EntryKind.Intent => Rung is not null && Step is not null,
            EntryKind.Outcome => Rung is not null && Step is not null && Result is not null,
            EntryKind.Opened or EntryKind.TakingBack or EntryKind.Closed => Rung is not null,
            _ => true,
        };

    /// <summary>The text, cut to what an entry holds.</summary>
    public static string Fit(string text) => text.Length <= TextMax ? text : text[..(TextMax - 3)] + "...";
}
