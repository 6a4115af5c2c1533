using System.Collections.Immutable;

namespace Salvor.Recovery.Diagnosis;

/// <summary>What the agent can tell on its machine, a cause before what follows from it.</summary>
public static class AgentCauses
{
    public static ImmutableArray<Cause> All { get; } = [.. MachineCauses.All, .. StorageCauses.All, .. PodCauses.All];
}
