using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery.Model;

/// <summary>One run of an agent or a guard.</summary>
internal sealed class Process(Actor actor, int zone)
{
    public Actor Actor => actor;

    public string Name => actor.Name;

    public int Zone => zone;

    public TimeProvider Time => actor.Clock;

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, actor.Clock);
}
