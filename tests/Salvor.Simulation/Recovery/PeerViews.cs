using Salvor.Recovery.Evidence;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery;

/// <summary>What guards tell each other through the repository.</summary>
internal sealed class PeerViews(SimulatedWorld world)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(45);

    private readonly Dictionary<string, (Truth Sees, TimeSpan At)> _told = [];

    public void Tell(string name, Truth sees) => _told[name] = (sees, world.Now);

    /// <summary>Whether another one sees the endpoint ready; unknown while one of them was not heard lately.</summary>
    public Truth Ask(string name)
    {
        var others = _told.Where(told => told.Key != name).Select(told => told.Value).ToList();
        return others.Exists(told => told.Sees == Truth.Yes && world.Now - told.At < GoodFor) ? Truth.Yes
            : others.Count == 0 || others.Exists(told =>
                told.Sees == Truth.Unknown || world.Now - told.At >= GoodFor) ? Truth.Unknown
            : Truth.No;
    }
}
