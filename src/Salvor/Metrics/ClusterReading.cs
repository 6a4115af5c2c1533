using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Metrics;

/// <summary>What there is to tell of a cluster at one moment.</summary>
/// <param name="Cluster">Its name.</param>
/// <param name="Mode">What may be done by itself.</param>
/// <param name="Causes">All that can be found.</param>
/// <param name="LookedAt">When the last look ended; null before the first.</param>
/// <param name="Seen">What it saw.</param>
/// <param name="State">What the engine makes of it; null where it decides nothing, as in a guard that only watches.
/// </param>
/// <param name="Leads">Whether a guard is the one that acts; null of an agent.</param>
/// <param name="Recoveries">How many plans ended, and how.</param>
/// <param name="Pages">How often a person was called.</param>
internal sealed record ClusterReading(
    string Cluster, RecoveryMode Mode, ImmutableArray<Cause> Causes, DateTimeOffset? LookedAt, Observations Seen,
    EngineState? State, bool? Leads,
    ImmutableArray<KeyValuePair<(CauseId Cause, Rung Rung, string Result), long>> Recoveries,
    ImmutableArray<KeyValuePair<CauseId, long>> Pages);
