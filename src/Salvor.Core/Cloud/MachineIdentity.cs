namespace Salvor.Cloud;

/// <summary>What a machine's cloud tells the machine about itself.</summary>
/// <param name="Id">The machine.</param>
/// <param name="Region">The region that it is in.</param>
/// <param name="Zone">The zone that it is in.</param>
public sealed record MachineIdentity(MachineId Id, string Region, string Zone);
