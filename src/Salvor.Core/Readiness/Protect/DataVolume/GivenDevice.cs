using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>A device that the user named.</summary>
public sealed class GivenDevice(
    NodeFiles machine, ProtectionRecord record, IProcessRunner processes, string path) : IVolumeSource
{
    public async Task<string> LookAsync(CancellationToken ct)
    {
        var found = await new BlockDevice(machine, record, new MachinePrograms(processes), path).InspectAsync(ct);
        return found is null ? $"{path}, which is blank and gets an ext4" : $"{path}, with the {found.Type} on it";
    }

    public Task<string> ProvideAsync(CancellationToken ct) => Task.FromResult(path);
}
