using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>What a heartbeat's object holds.</summary>
public sealed record Heartbeat
{
    internal const int SummaryLengthMax = 2000;

    private const int IdLengthMax = 128;

    public required string Holder { get; init; }

    /// <summary>Which run of the owner's process this is: its counter begins anew in each.</summary>
    public required string Run { get; init; }

    /// <summary>Raised in every beat of a run.</summary>
    public required long Counter { get; init; }

    /// <summary>The timeline that the owner works for; null where it does not know one yet.</summary>
    public required int? Timeline { get; init; }

    /// <summary>The kernel's id of this boot.</summary>
    public required string BootId { get; init; }

    /// <summary>The machine, by the cloud's or the system's own id.</summary>
    public required string MachineId { get; init; }

    public required HeartbeatState State { get; init; }

    /// <summary>What is going on, in a sentence for people; empty for nothing.</summary>
    public required string Summary { get; init; }

    /// <summary>When, by the owner's clock. For people: no rule reads it.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>What breaks the format's rules; null when nothing does.</summary>
    internal string? Fault(HolderId holder) =>
        Holder != holder.Value ? "it is another holder's"
        : !Nonce.IsValid(Run) ? "its run is not 32 hex digits"
        : Counter < 1 ? $"its counter is {Counter}"
        : Timeline is < 1 ? $"its timeline is {Timeline}"
        : BootId.Length > IdLengthMax || MachineId.Length > IdLengthMax ? "its ids are too long"
        : !Enum.IsDefined(State) ? "its state is none"
        : Summary.Length > SummaryLengthMax ? "its summary is too long"
        : null;
}
