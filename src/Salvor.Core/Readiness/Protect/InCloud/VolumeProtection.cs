using Salvor.Cloud;

namespace Salvor.Readiness.Protect.InCloud;

/// <summary>The machine's volumes outlive it, but for the one that it boots from.</summary>
/// <param name="target">Reaches the machine, once it is asked for.</param>
public sealed class VolumeProtection(Func<CancellationToken, Task<CloudTarget>> target) : IProtection
{
    public string Section => "cloud";

    public string Name => "volumes-kept";

    public string Purpose => "etcd's volume outlives the machine, and a new one can take it.";

    public async Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct)
    {
        var cloud = await target(ct);
        var machine = await cloud.Machines.DescribeAsync(cloud.Machine, ct);
        if (machine.RootDevice is null)
        {
            return new ProtectionLook
            {
                State = ProtectionState.Unseen,
                Note = "The cloud does not say which volume the machine boots from.",
            };
        }

        var others = machine.Disks.Where(disk => machine.IsRoot(disk) == false).ToList();
        if (others.Count == 0)
        {
            return new ProtectionLook
            {
                State = ProtectionState.NotApplicable,
                Found = $"only {machine.RootDevice}, from which it boots",
                Note = "etcd's data is on the volume that the machine boots from: it ends with the machine, and what "
                    + "is left is the repository.",
            };
        }

        var ending = Ending(machine);
        var found = string.Join(", ", others.Select(disk => $"{disk.Device} {disk.Volume} {WordOf(disk)}"));
        if (ending.Count == 0 || aim == ProtectionAim.Remove)
        {
            return new ProtectionLook
            {
                State = ProtectionState.InForce,
                Found = found,
                Note = aim == ProtectionAim.Remove ? "This is not undone: no volume is given up here." : null,
            };
        }

        return new ProtectionLook
        {
            State = ProtectionState.Differs,
            Found = found,
            Wanted = "all of them kept",
            Change = $"let {string.Join(", ", ending.Select(disk => disk.Device))} outlive the machine; a volume that "
                + "is left over costs until it is deleted",
        };
    }

    public async Task ChangeAsync(ProtectionAim aim, CancellationToken ct)
    {
        if (aim == ProtectionAim.Remove)
        {
            return;
        }

        var cloud = await target(ct);
        var machine = await cloud.Machines.DescribeAsync(cloud.Machine, ct);
        foreach (var disk in Ending(machine))
        {
            await cloud.Volumes.SetDeleteOnTerminationAsync(cloud.Machine, disk.Device, deletes: false, ct);
        }
    }

    /// <summary>The disks that end with the machine, or may: what the cloud does not say is no promise.</summary>
    private static List<MachineDisk> Ending(Cloud.Machine machine) =>
        [.. machine.Disks.Where(disk => machine.IsRoot(disk) == false && disk.DeletesOnTermination != false)];

    private static string WordOf(MachineDisk disk) => disk.DeletesOnTermination switch
    {
        false => "kept",
        true => "ends with the machine",
        null => "unknown",
    };
}
