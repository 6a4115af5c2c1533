using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.Outside;

/// <summary>What a guard tells whoever runs it. Called from its own tasks.</summary>
public sealed record GuardNews
{
    /// <summary>What it does now, when that changes: a sentence.</summary>
    public required Action<string> Said { get; init; }

    /// <summary>An entry that was journaled.</summary>
    public required Action<JournalEntry> Journaled { get; init; }

    /// <summary>A look has ended: it lives.</summary>
    public required Action<Observations> Looked { get; init; }
}
