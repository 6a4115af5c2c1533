using Salvor.Errors;

namespace Salvor.Cloud;

/// <summary>Tells the machine that this runs on who it is.</summary>
public interface IMachineIdentity
{
    /// <exception cref="SalvorException">
    /// <see cref="ErrorCode.CloudUnreachable"/> where nobody tells: this machine may not be one of the cloud's.
    /// </exception>
    Task<MachineIdentity> ReadAsync(CancellationToken ct);
}
