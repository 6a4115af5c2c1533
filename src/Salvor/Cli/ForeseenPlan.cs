using System.Collections.Immutable;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;

namespace Salvor.Cli;

/// <summary>What <c>salvor plan</c> has to show.</summary>
/// <param name="Seen">The last look.</param>
/// <param name="Prospects">What is wrong, and what would be done.</param>
/// <param name="UnderWay">What the journal says is being done; null for nothing.</param>
internal sealed record ForeseenPlan(Observations Seen, ImmutableArray<Prospect> Prospects, Plan? UnderWay)
{
    /// <summary>Until when recoveries rest, and why; null where nobody on this machine said so.</summary>
    public string? Pause { get; init; }

    /// <summary>What a recovery of data would start from; null where none is foreseen.</summary>
    public string? Data { get; init; }
}
