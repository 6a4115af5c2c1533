namespace Salvor.Simulation.Recovery.Model;

/// <summary>What is really in etcd's data directory.</summary>
internal enum VolumeData
{
    Whole,
    Damaged,
    Gone,
    Foreign,
}
