using Salvor.Cloud;

namespace Salvor.Recovery.Outside;

/// <summary>What a guard can do in a cloud.</summary>
public sealed record CloudPorts(IMachineStates Machines, IMachinePower Power, IVolumes Volumes, IAlarms Alarms);
