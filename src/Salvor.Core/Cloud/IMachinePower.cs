using Salvor.Errors;

namespace Salvor.Cloud;

/// <summary>
/// Switches machines, and marks them. Every order may be given twice; that it was taken does not mean that it is done:
/// <see cref="IMachineStates.DescribeAsync"/> tells.
/// </summary>
public interface IMachinePower
{
    /// <summary>Orders a stopped machine to start. One that is on, or being started, stays as it is.</summary>
    /// <exception cref="SalvorException">
    /// <see cref="ErrorCode.CloudCapacity"/> where there is no room for it now: a stopped machine reserves nothing.
    /// </exception>
    Task StartAsync(MachineId machine, CancellationToken ct);

    /// <summary>Orders a machine to stop.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="cutsPower">
    /// Whether its system is not even asked to shut down. Otherwise it is asked, and cut off when it takes too long.
    /// </param>
    /// <param name="ct">Ends the wait; the order may have been taken all the same.</param>
    Task StopAsync(MachineId machine, bool cutsPower, CancellationToken ct);

    /// <summary>Orders a running machine to boot anew, by force when its system does not obey.</summary>
    Task RebootAsync(MachineId machine, CancellationToken ct);

    /// <summary>Sets a tag of a machine, whatever it was before.</summary>
    Task SetTagAsync(MachineId machine, string name, string value, CancellationToken ct);
}
