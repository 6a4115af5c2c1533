using Salvor.Simulation.World;

namespace Salvor.Simulation.Lease;

/// <summary>A machine that outlives the processes on it.</summary>
/// <param name="Name">The holder's name, the same after each restart.</param>
/// <param name="Clock">Its clocks.</param>
/// <param name="Network">Its way to the store.</param>
/// <param name="Sleeps">
/// Whether it is suspended at times. Then nobody sets its wall clock back: a clock that is set back just as the machine
/// sleeps hides the sleep, and no rule helps.
/// </param>
/// <param name="Retries">Whether its calls are tried again below the lease.</param>
internal sealed record LeaseMachine(
    string Name, ActorClock Clock, ActorStore Network, bool Sleeps, bool Retries)
{
    /// <summary>The process that runs there, or the last that did.</summary>
    public LeaseProcess? Process { get; set; }
}
