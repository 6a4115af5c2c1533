using System.Collections.Immutable;

namespace Salvor.Recovery.Gate;

/// <summary>A decision, and what speaks against a start of etcd.</summary>
public sealed record GateVerdict(GateDecision Decision, ImmutableArray<GateConcern> Concerns);
