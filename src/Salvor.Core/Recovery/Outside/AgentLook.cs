using Salvor.Recovery.Evidence;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Recovery.Outside;

/// <summary>Watches the agents' heartbeats: those of the machine, and of machines that were there before it.</summary>
internal sealed class AgentLook(GuardTimes times, TimeProvider time)
{
    /// <summary>How heartbeats of agents are called.</summary>
    public const string Prefix = "agent-";

    /// <summary>More machines have not been one cluster's control plane.</summary>
    private const int AgentsMax = 32;

    /// <summary>After how many looks it is looked for agents that are new.</summary>
    private const int ListEvery = 20;

    private readonly Dictionary<HolderId, HeartbeatWatch> _agents = [];
    private int _looks;
    private long? _began;
    private bool _hasChanged;

    /// <exception cref="Errors.SalvorException">The repository did not tell.</exception>
    public async Task<Observations> LookAsync(StoreJson objects, CancellationToken ct)
    {
        _began ??= time.GetTimestamp();
        if (_looks++ % ListEvery == 0 || _agents.Count == 0)
        {
            foreach (var holder in await HeartbeatWatch.ListAsync(objects, ct))
            {
                if (holder.Value.StartsWith(Prefix, StringComparison.Ordinal) && _agents.Count < AgentsMax)
                {
                    _agents.TryAdd(holder, new HeartbeatWatch(objects, holder, time));
                }
            }
        }

        // Without any agent nothing beats: that is proven as a silence is, by looking for as long.
        TimeSpan? silence = _agents.Count == 0 ? time.GetElapsedTime(_began.Value) : null;
        foreach (var agent in _agents.Values)
        {
            var sight = await agent.LookAsync(ct);
            _hasChanged |= sight.HasChanged;
            silence = silence is { } least && least < sight.Silence ? least : sight.Silence;
        }

        var fresh = silence > times.HeartbeatLimit ? Truth.No : _hasChanged ? Truth.Yes : Truth.Unknown;
        return Observations.None
            .With(Sign.HeartbeatFresh, fresh, $"{_agents.Count} agents; silent for {silence?.TotalSeconds:0} s")
            .With(Sign.HeartbeatKnown, _hasChanged);
    }
}
