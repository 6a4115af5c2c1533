using Salvor.Cloud;

namespace Salvor.Readiness.Protect.InCloud;

/// <summary>The machine in its cloud that is protected, and what reaches it.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Region">Its region.</param>
/// <param name="Partition">The part of AWS that the region is in.</param>
/// <param name="Machines">Describes it.</param>
/// <param name="Volumes">Says what becomes of its volumes.</param>
/// <param name="Alarms">Its alarms.</param>
public sealed record CloudTarget(
    MachineId Machine, string Region, string Partition, IMachineStates Machines, IVolumes Volumes, IAlarms Alarms);
