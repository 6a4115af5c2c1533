using Salvor.Errors;

namespace Salvor.Cloud;

/// <summary>Looks at volumes, makes and attaches them, and says what becomes of them. Deletes none.</summary>
public interface IVolumes
{
    /// <summary>Describes one volume.</summary>
    /// <exception cref="SalvorException">
    /// <see cref="ErrorCode.CloudNotFound"/> where the cloud does not know the id, or not yet: never read it as "gone".
    /// </exception>
    Task<Volume> DescribeAsync(VolumeId volume, CancellationToken ct);

    /// <summary>Orders a volume; it may take a while until it is there.</summary>
    Task<VolumeId> CreateAsync(VolumeOrder order, CancellationToken ct);

    /// <summary>Lets a machine have a volume; it may take a while until it does.</summary>
    /// <param name="volume">The volume, which nobody has.</param>
    /// <param name="machine">The machine, in the same zone.</param>
    /// <param name="device">The device's name as the machine's description will have it.</param>
    /// <param name="ct">Ends the wait; the change may have been made all the same.</param>
    Task AttachAsync(VolumeId volume, MachineId machine, string device, CancellationToken ct);

    /// <summary>Says whether a machine's disk ends with the machine. Saying the same again changes nothing.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="device">The device's name as the machine's description has it.</param>
    /// <param name="deletes">Whether the volume is deleted when the machine is terminated.</param>
    /// <param name="ct">Ends the wait; the change may have been made all the same.</param>
    Task SetDeleteOnTerminationAsync(MachineId machine, string device, bool deletes, CancellationToken ct);
}
