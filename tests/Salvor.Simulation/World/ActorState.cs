namespace Salvor.Simulation.World;

internal enum ActorState
{
    Running,

    /// <summary>Its process stands still; its machine's clocks go on.</summary>
    Paused,

    /// <summary>Its machine is suspended: the monotonic clock stands still, the wall clock goes on.</summary>
    Asleep,

    /// <summary>Its process has ended. Nothing of it ever runs again; what it sent is still under way.</summary>
    Dead,
}
