using System.Collections.Immutable;
using Salvor.Recovery.Shared;

namespace Salvor.Recovery.Outside;

/// <summary>Who watches a cluster. Times are by their own clocks.</summary>
/// <param name="Agents">The last beat of every agent that ever was.</param>
/// <param name="Guards">The last report of every guard that ever was.</param>
/// <param name="Notices">What people have said.</param>
/// <param name="Faults">What could not be read, and why.</param>
public sealed record Watchers(
    ImmutableArray<Heartbeat> Agents, ImmutableArray<GuardReport> Guards, Notices Notices,
    ImmutableArray<string> Faults);
