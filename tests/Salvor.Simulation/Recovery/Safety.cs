using Salvor.Recovery.Engine;

namespace Salvor.Simulation.Recovery;

/// <summary>What keeps recoveries from harm. All of it is there, but where a test shows what one is for.</summary>
internal sealed record Safety
{
    public EngineSafety Engine { get; init; } = new();

    /// <summary>A store is probed before it holds leases and claims.</summary>
    public bool ProbesStore { get; init; } = true;

    /// <summary>A claim that is no longer ours is not gone on with.</summary>
    public bool RechecksClaim { get; init; } = true;

    /// <summary>A machine counts as stopped when the cloud says so, and says it again.</summary>
    public bool ConfirmsStop { get; init; } = true;

    /// <summary>The machine is tagged.</summary>
    public bool TagsFenced { get; init; } = true;

    /// <summary>Its alarms are disabled before it is stopped.</summary>
    public bool DisablesAlarms { get; init; } = true;

    /// <summary>The gate looks before kubelet starts.</summary>
    public bool HasGate { get; init; } = true;

    /// <summary>
    /// Nothing is begun or released on an old timeline. The engine looks for that, too: 600 runs of all faults without
    /// this line alone showed no harm.
    /// </summary>
    public bool ChecksTimeline { get; init; } = true;

    /// <summary>etcd is released only onto good data.</summary>
    public bool ChecksData { get; init; } = true;

    /// <summary>etcd is held, and has ended, before its data is replaced.</summary>
    public bool HoldsEtcd { get; init; } = true;

    /// <summary>The source that loses the least is taken.</summary>
    public bool ChoosesNewest { get; init; } = true;

    /// <summary>Who was overtaken in the journal, or lost the lease, ends.</summary>
    public bool HeedsOthers { get; init; } = true;
}
