using Salvor.Errors;

namespace Salvor.Cloud;

/// <summary>Looks at machines. Nothing here changes one.</summary>
public interface IMachineStates
{
    /// <summary>Describes one machine.</summary>
    /// <exception cref="SalvorException">
    /// <see cref="ErrorCode.CloudNotFound"/> where the cloud does not know the id, or not yet: never read it as "gone".
    /// A machine that ended is described as <see cref="MachineState.Terminated"/>.
    /// </exception>
    Task<Machine> DescribeAsync(MachineId machine, CancellationToken ct);

    /// <summary>Tells what the cloud's checks say of one machine, whether it is on or off.</summary>
    /// <exception cref="SalvorException">As <see cref="DescribeAsync"/>.</exception>
    Task<MachineChecks> CheckAsync(MachineId machine, CancellationToken ct);
}
