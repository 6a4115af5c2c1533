using Salvor.Errors;

namespace Salvor.Cloud;

/// <summary>Looks at volumes, and says what becomes of them.</summary>
public interface IVolumes
{
    /// <summary>Describes one volume.</summary>
    /// <exception cref="SalvorException">
    /// <see cref="ErrorCode.CloudNotFound"/> where the cloud does not know the id, or not yet: never read it as "gone".
    /// </exception>
    Task<Volume> DescribeAsync(VolumeId volume, CancellationToken ct);

    /// <summary>Says whether a machine's disk ends with the machine. Saying the same again changes nothing.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="device">The device's name as the machine's description has it.</param>
    /// <param name="deletes">Whether the volume is deleted when the machine is terminated.</param>
    /// <param name="ct">Ends the wait; the change may have been made all the same.</param>
    Task SetDeleteOnTerminationAsync(MachineId machine, string device, bool deletes, CancellationToken ct);
}
