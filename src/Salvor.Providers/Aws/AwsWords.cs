using System.Globalization;
using Salvor.Cloud;

namespace Salvor.Providers.Aws;

/// <summary>AWS's words for states, and ours. A word that is new to us is unknown, never a guess.</summary>
internal static class AwsWords
{
    public static MachineState MachineStateOf(string? word) => word switch
    {
        "pending" => MachineState.Pending,
        "running" => MachineState.Running,
        "stopping" => MachineState.Stopping,
        "stopped" => MachineState.Stopped,
        "shutting-down" => MachineState.ShuttingDown,
        "terminated" => MachineState.Terminated,
        _ => MachineState.Unknown,
    };

    public static CheckStatus CheckStatusOf(string? word) => word switch
    {
        "ok" => CheckStatus.Ok,
        "impaired" => CheckStatus.Impaired,
        "initializing" => CheckStatus.Initializing,
        "insufficient-data" => CheckStatus.InsufficientData,
        "not-applicable" => CheckStatus.NotApplicable,
        _ => CheckStatus.Unknown,
    };

    public static AutomaticRecovery RecoveryOf(string? word) => word switch
    {
        "default" => AutomaticRecovery.On,
        "disabled" => AutomaticRecovery.Off,
        _ => AutomaticRecovery.Unknown,
    };

    public static VolumeState VolumeStateOf(string? word) => word switch
    {
        "creating" => VolumeState.Creating,
        "available" => VolumeState.Available,
        "in-use" => VolumeState.InUse,
        "deleting" => VolumeState.Deleting,
        "deleted" => VolumeState.Deleted,
        "error" => VolumeState.Failed,
        _ => VolumeState.Unknown,
    };

    public static AttachmentState AttachmentStateOf(string? word) => word switch
    {
        "attaching" => AttachmentState.Attaching,
        "attached" => AttachmentState.Attached,
        "detaching" => AttachmentState.Detaching,
        "detached" => AttachmentState.Detached,
        "busy" => AttachmentState.Busy,
        _ => AttachmentState.Unknown,
    };

    public static AlarmState AlarmStateOf(string? word) => word switch
    {
        "OK" => AlarmState.Ok,
        "ALARM" => AlarmState.Alarm,
        "INSUFFICIENT_DATA" => AlarmState.InsufficientData,
        _ => AlarmState.Unknown,
    };

    public static string WordOf(AlarmState state) => state switch
    {
        AlarmState.Ok => "OK",
        AlarmState.Alarm => "ALARM",
        AlarmState.InsufficientData => "INSUFFICIENT_DATA",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No alarm can be put into it."),
    };

    public static DateTimeOffset? TimeOf(string? text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out var time)
        ? time
        : null;

    /// <summary>The SDK's times have no zone, or this machine's; AWS's are all UTC.</summary>
    public static DateTimeOffset? TimeOf(DateTime? time) => time is not { } known || known == default
        ? null
        : new DateTimeOffset(known.Kind == DateTimeKind.Unspecified
            ? DateTime.SpecifyKind(known, DateTimeKind.Utc)
            : known.ToUniversalTime());
}
