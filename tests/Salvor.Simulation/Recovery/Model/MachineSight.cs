namespace Salvor.Simulation.Recovery.Model;

/// <summary>What the cloud says of a machine.</summary>
internal sealed record MachineSight(
    Power Power, bool InstanceFails, bool SystemFails, bool IsAttached, bool VolumeExists, bool IsFenced);
