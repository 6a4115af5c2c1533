using System.Collections.Immutable;
using Salvor.Node.Identity;

namespace Salvor.Recovery.Gate;

/// <summary>From facts to a verdict. Nothing else goes in: the same facts always give the same answer.</summary>
/// <remarks>
/// A store that does not answer never keeps good data from starting, and good data never excuses a newer timeline.
/// Where there is no data, it has to be known that there never was any: no stamp, and no backup.
/// </remarks>
public static class GateRules
{
    public static GateVerdict Judge(GateFacts facts)
    {
        if (facts.Manifest == ManifestPlace.Missing || !facts.IsInScope)
        {
            return new GateVerdict(GateDecision.NothingToGuard, []);
        }

        var concerns = ConcernsOf(facts);
        return new GateVerdict(Decide(facts, isConcerned: !concerns.IsEmpty), concerns);
    }

    private static GateDecision Decide(GateFacts facts, bool isConcerned)
    {
        if (facts.Manifest == ManifestPlace.Held)
        {
            return GateDecision.Held;
        }

        // Taking the manifest from a running etcd would stop it: whatever is wrong, the gate is no reason for that.
        if (facts.Etcd != EtcdPresence.NotRunning)
        {
            return GateDecision.Report;
        }

        return !isConcerned ? GateDecision.Pass
            : facts.Switch == GateSwitch.On ? GateDecision.Hold : GateDecision.Report;
    }

    private static ImmutableArray<GateConcern> ConcernsOf(GateFacts facts)
    {
        var concerns = ImmutableArray.CreateBuilder<GateConcern>();
        AddIf(facts.Mount == MountState.Missing, GateConcern.VolumeMissing);
        AddIf(facts.Mount == MountState.Other, GateConcern.OtherVolume);
        AddIf(facts.Data == DataState.Empty && !IsNewNode(facts), GateConcern.DataMissing);
        AddIf(facts.Data == DataState.Foreign, GateConcern.DataForeign);
        AddIf(facts.Data == DataState.Torn, GateConcern.DataTorn);
        AddIf(facts.Data == DataState.Unreadable, GateConcern.DataUnreadable);
        AddIf(facts.Timeline == TimelineState.Newer, GateConcern.TimelineEnded);
        return concerns.ToImmutable();

        void AddIf(bool isSo, GateConcern concern)
        {
            if (isSo)
            {
                concerns.Add(concern);
            }
        }
    }

    /// <summary>Nobody ever saw an etcd here, and there is no backup that says otherwise.</summary>
    private static bool IsNewNode(GateFacts facts) =>
        facts is { IsStamped: false, Timeline: TimelineState.NoRepository or TimelineState.Empty };
}
