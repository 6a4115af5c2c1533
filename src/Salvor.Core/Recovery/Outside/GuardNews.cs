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

    /// <summary>What the engine makes of a look; null once it decides nothing any more, as when another guard leads.
    /// </summary>
    public required Action<EngineState?> Decided { get; init; }

    /// <summary>Whether this guard is the one that acts.</summary>
    public required Action<bool> Leads { get; init; }
}
