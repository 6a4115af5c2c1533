namespace Salvor.Cloud;

/// <summary>A machine that has a volume, or is about to have it or to let go.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Device">The device's name as the cloud has it; null when it did not say.</param>
/// <param name="State">How far it is.</param>
/// <param name="DeletesOnTermination">Whether the volume ends with the machine; null when that was not said.</param>
public sealed record VolumeAttachment(
    MachineId Machine, string? Device, AttachmentState State, bool? DeletesOnTermination);
