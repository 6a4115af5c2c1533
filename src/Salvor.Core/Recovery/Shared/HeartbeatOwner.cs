using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>Whose heartbeat it is, for one run of its process.</summary>
/// <param name="Holder">The only one of this name.</param>
/// <param name="BootId">The kernel's id of this boot.</param>
/// <param name="MachineId">The machine, by the cloud's or the system's own id.</param>
public sealed record HeartbeatOwner(HolderId Holder, string BootId, string MachineId);
