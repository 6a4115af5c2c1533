namespace Salvor.Cloud;

/// <summary>One machine, as its cloud describes it.</summary>
/// <remarks>Descriptions lag behind orders: what was just changed may be told as it was.</remarks>
public sealed record Machine
{
    public required MachineId Id { get; init; }

    public required MachineState State { get; init; }

    /// <summary>The zone; null when the cloud did not say.</summary>
    public string? Zone { get; init; }

    /// <summary>The type, such as <c>m5.large</c>; null when the cloud did not say.</summary>
    public string? Type { get; init; }

    /// <summary>When it was last started; null when the cloud did not say.</summary>
    public DateTimeOffset? LaunchedAt { get; init; }

    public string? PrivateAddress { get; init; }

    public string? PublicAddress { get; init; }

    /// <summary>The name of the device that it boots from; null when the cloud did not say.</summary>
    public string? RootDevice { get; init; }

    public IReadOnlyList<MachineDisk> Disks { get; init; } = [];

    public AutomaticRecovery AutomaticRecovery { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the machine boots from the disk; null when the cloud did not say from which it does.</summary>
    public bool? IsRoot(MachineDisk disk) => RootDevice is null ? null : disk.Device == RootDevice;
}
