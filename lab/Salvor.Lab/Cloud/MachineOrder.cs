namespace Salvor.Lab.Cloud;

/// <summary>The machine that RunInstances asked for.</summary>
/// <param name="Instance">Its id, such as <c>i-0123456789abcdef0</c>.</param>
/// <param name="Zone">The zone, such as <c>lab-1a</c>.</param>
/// <param name="PrivateAddress">Its IPv4 address in the zone's subnet.</param>
/// <param name="UserData">What it runs at its first boot; empty for nothing.</param>
/// <param name="Tags">Its tags; <c>Name</c> becomes the host name.</param>
public sealed record MachineOrder(
    string Instance, string Zone, string PrivateAddress, ReadOnlyMemory<byte> UserData,
    IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>The image of its root disk; one that the host does not know is the bare system.</summary>
    public string Image { get; init; } = "";
}
