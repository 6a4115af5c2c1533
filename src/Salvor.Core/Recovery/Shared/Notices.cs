namespace Salvor.Recovery.Shared;

/// <summary>What people have last said to the recoveries of a cluster.</summary>
/// <param name="Pause">The newest word on resting, which may be over; null where nobody ever said one.</param>
/// <param name="Approval">The newest approval, which may be too old to count; null where nobody ever gave one.</param>
public sealed record Notices(PauseNotice? Pause, Approval? Approval)
{
    public static Notices None { get; } = new(null, null);

    /// <summary>Of two places where people say such things: of each kind the newer word, by the speakers' clocks.
    /// </summary>
    public Notices Or(Notices other) => new(
        other.Pause is { } pause && !(Pause?.Written >= pause.Written) ? pause : Pause,
        other.Approval is { } approval && !(Approval?.Written >= approval.Written) ? approval : Approval);
}
