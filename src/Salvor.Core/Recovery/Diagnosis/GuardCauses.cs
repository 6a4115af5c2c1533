using System.Collections.Immutable;
using Salvor.Recovery.Ladder;
using static Salvor.Recovery.Diagnosis.Clue;
using static Salvor.Recovery.Evidence.Sign;

namespace Salvor.Recovery.Diagnosis;

/// <summary>
/// What a guard can tell from outside, a cause before what follows from it. One that reaches neither the repository nor
/// the provider can tell none of them: each requires the provider's word.
/// </summary>
public static class GuardCauses
{
    public static ImmutableArray<Cause> All { get; } =
    [
        new(CauseId.MachineTerminated, "The control plane's machine is terminated")
        {
            Rows = [61],
            Required = [Is(ProviderReachable), Is(MachineTerminated), Not(EndpointReady), Is(RepositoryReachable)],
            Excluding = [Is(HeartbeatFresh), Is(PeerSeesReady)],
            Rungs = [Rung.Reprovision],
            Datapoints = 3,
            OutOf = 3,
            Advice = "Make a machine anew, restore the kit and the data on it.",
        },
        new(CauseId.VolumeLost, "etcd's volume is lost")
        {
            Rows = [44],
            Required = [Is(ProviderReachable), Not(VolumeExists), Not(EndpointReady), Is(RepositoryReachable)],
            Excluding = [Is(MachineTerminated), Is(PeerSeesReady)],
            Rungs = [Rung.RebuildVolume],
            Datapoints = 3,
            OutOf = 3,
            Advice = "Make a volume, attach it, and restore onto it.",
        },
        new(CauseId.VolumeDetached, "etcd's volume is not attached")
        {
            Rows = [43],
            Required = [Is(ProviderReachable), Is(VolumeExists), Not(VolumeAttached), Not(EndpointReady)],
            Excluding = [Is(MachineTerminated), Is(PeerSeesReady)],
            Rungs = [Rung.ReattachVolume],
            Datapoints = 3,
            OutOf = 3,
            Advice = "Attach the same volume again.",
        },
        new(CauseId.MachineStopped, "The control plane's machine is stopped")
        {
            Rows = [60],
            Required = [Is(ProviderReachable), Is(MachineStopped), Not(MachineFenced)],
            Supporting = [Not(EndpointReady), Not(HeartbeatFresh)],
            Rungs = [Rung.StartMachine],
            Advice = "Start it. A planned stop is announced with salvor pause.",
        },
        new(CauseId.HostFailed, "The machine's host has failed")
        {
            Rows = [59],
            Required = [Is(ProviderReachable), Is(MachineRuns), Is(SystemCheckFails), Not(EndpointReady)],
            Excluding = [Is(HeartbeatFresh), Is(PeerSeesReady), Is(MachineFenced)],
            Rungs = [Rung.StopStart],
            Datapoints = 5,
            OutOf = 5,
            Patience = TimeSpan.FromMinutes(5),
            Advice = "The cloud's own recovery comes first; after it, stop and start moves to another host.",
        },
        new(CauseId.MachineHung, "The machine hangs")
        {
            Rows = [58],
            Required = [Is(ProviderReachable), Is(MachineRuns), Is(InstanceCheckFails), Not(EndpointReady)],
            Excluding = [Is(HeartbeatFresh), Is(PeerSeesReady), Is(SystemCheckFails), Is(MachineFenced)],
            Rungs = [Rung.Reboot, Rung.StopStart],
            Datapoints = 2,
            OutOf = 2,
            Patience = TimeSpan.FromMinutes(2),
            Advice = "See the machine's console.",
        },
        new(CauseId.MachineSilent, "The machine runs by the cloud's word, and nothing on it answers")
        {
            Rows = [54, 58],
            Required =
            [
                Is(ProviderReachable), Is(MachineRuns), Not(EndpointAccepts), Is(HeartbeatKnown), Not(HeartbeatFresh),
                Is(RepositoryReachable),
            ],
            Excluding = [Is(PeerSeesReady), Is(InstanceCheckFails), Is(SystemCheckFails), Is(MachineFenced)],
            Rungs = [Rung.Reboot],
            Datapoints = 5,
            OutOf = 5,
            Patience = TimeSpan.FromMinutes(5),
            Advice = "It may be cut off with its zone; a reboot is tried once in a while.",
        },
        new(CauseId.CutOff, "The control plane lives, and is cut off from here")
        {
            Rows = [53],
            Required = [Is(ProviderReachable), Is(MachineRuns), Not(EndpointAccepts), Is(HeartbeatFresh)],
            Excluding = [Is(PeerSeesReady)],
            Rungs = [Rung.Reprovision],
            Datapoints = 10,
            OutOf = 10,
            Patience = TimeSpan.FromMinutes(15),
            Advice = "Find what cuts the zones apart. Moving the control plane is done only when approved.",
        },
    ];
}
