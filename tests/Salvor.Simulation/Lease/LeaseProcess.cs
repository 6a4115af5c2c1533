using Salvor.Recovery.Lease;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Lease;

/// <summary>A process that wants the lease.</summary>
internal sealed record LeaseProcess(Actor Actor, StoreLease Lease, CancellationTokenSource Stop)
{
    /// <summary>Whether it would act at this instant: a machine that is asleep does nothing.</summary>
    public bool MayAct => Actor.State is ActorState.Running or ActorState.Paused && Lease.IsHeld;
}
