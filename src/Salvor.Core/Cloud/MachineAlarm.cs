namespace Salvor.Cloud;

/// <summary>An alarm as the cloud has it.</summary>
/// <param name="Definition">What it watches and does.</param>
/// <param name="State">What it says.</param>
/// <param name="StateReason">Why it says so; null when the cloud did not say.</param>
/// <param name="StateSince">Since when; null when the cloud did not say.</param>
public sealed record MachineAlarm(
    AlarmDefinition Definition, AlarmState State, string? StateReason, DateTimeOffset? StateSince);
