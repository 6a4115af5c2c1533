using Salvor.Cloud;

namespace Salvor.Readiness.Alarms;

/// <summary>What the alarms of a machine depend on.</summary>
/// <param name="Cluster">The cluster's name, which becomes part of the alarms' names.</param>
/// <param name="Machine">The machine that is watched.</param>
/// <param name="Region">Its region.</param>
/// <param name="Partition">The part of AWS that the region is in, such as <c>aws</c> or <c>aws-cn</c>.</param>
/// <param name="WithRecover">Whether an alarm moves the machine to another host when its host fails.</param>
public sealed record AlarmRequest(
    string Cluster, MachineId Machine, string Region, string Partition, bool WithRecover);
