namespace Salvor.Cloud;

/// <summary>A volume as a machine has it.</summary>
/// <param name="Device">The device's name as the cloud has it, such as <c>/dev/sdf</c>.</param>
/// <param name="Volume">The volume.</param>
/// <param name="DeletesOnTermination">Whether the volume ends with the machine; null when that was not said.</param>
public sealed record MachineDisk(string Device, VolumeId Volume, bool? DeletesOnTermination);
