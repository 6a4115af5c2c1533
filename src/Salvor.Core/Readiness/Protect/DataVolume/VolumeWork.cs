using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>What the work on etcd's volume needs of the machine.</summary>
/// <param name="Machine">Its files.</param>
/// <param name="Record">What protect changed, and is in the middle of.</param>
/// <param name="Processes">Its programs.</param>
/// <param name="CpuPool">For the check of the copy.</param>
/// <param name="Entropy">For the file system's UUID.</param>
/// <param name="Time">For waits and time stamps.</param>
public sealed record VolumeWork(
    NodeFiles Machine, ProtectionRecord Record, IProcessRunner Processes, ICpuPool CpuPool, IEntropy Entropy,
    TimeProvider Time);
