using System.Collections.Immutable;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Diagnosis;

/// <summary>One row of what can be wrong: how it is told from its look-alikes, and what helps.</summary>
public sealed record Cause(CauseId Id, string Title)
{
    /// <summary>Rows of the catalogue of failures in docs/operations/recovery.md that this answers.</summary>
    public ImmutableArray<int> Rows { get; init; } = [];

    /// <summary>All of these must be seen. One that can't be seen means that the cause is not concluded.</summary>
    public ImmutableArray<Clue> Required { get; init; } = [];

    /// <summary>What is shown beside it where it was seen; decides nothing.</summary>
    public ImmutableArray<Clue> Supporting { get; init; } = [];

    /// <summary>None of these may be seen. One that can't be seen lowers the certainty.</summary>
    public ImmutableArray<Clue> Excluding { get; init; } = [];

    /// <summary>What can help, least harmful first. None: a person is told, and nothing is done.</summary>
    public ImmutableArray<Rung> Rungs { get; init; } = [];

    /// <summary>How many of the last <see cref="OutOf"/> looks must have seen it before anything is done.</summary>
    public int Datapoints { get; init; } = 2;

    /// <inheritdoc cref="Datapoints"/>
    public int OutOf { get; init; } = 3;

    /// <summary>How long it must have stood before the first rung: what mends itself is left alone till then.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>
    /// Whether causes after it wait while nothing can be done about it: it may be what they follow from.
    /// </summary>
    public bool HoldsBack { get; init; } = true;

    /// <summary>What a person should know or do, when nothing is left that Salvor may do.</summary>
    public string Advice { get; init; } = "";
}
