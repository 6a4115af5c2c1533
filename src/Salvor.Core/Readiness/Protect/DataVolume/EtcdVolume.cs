using Salvor.Errors;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>etcd's data is on a volume of its own, which outlives the machine and is there before kubelet.</summary>
/// <param name="work">The machine.</param>
/// <param name="pod">Its etcd.</param>
/// <param name="source">Where a volume comes from; null where one must be there already.</param>
public sealed class EtcdVolume(VolumeWork work, EtcdPod pod, IVolumeSource? source) : IProtection
{
    private readonly MachinePrograms _programs = new(work.Processes);
    private readonly MoveJournal _journal = new(work.Record);

    public string Section => "node";

    public string Name => "etcd-volume";

    public string Purpose => "etcd's data is on a volume of its own, and kubelet does not start without it.";

    /// <summary>Whether an earlier run was cut off in the middle of a move.</summary>
    public static bool IsUnfinished(ProtectionRecord record) => new MoveJournal(record).Step is not null;

    public async Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct)
    {
        if (_journal.Step is { } step)
        {
            return new ProtectionLook
            {
                State = ProtectionState.Differs,
                Found = $"a move of etcd's data that was cut off ({step})",
                Wanted = "one place for etcd's data",
                Change = step == MoveStep.Start
                    ? "start etcd on the volume; where it does not come up, go back to the old directory"
                    : "go back to the old directory, and start etcd there",
            };
        }

        if (aim == ProtectionAim.Remove)
        {
            return new ProtectionLook
            {
                State = ProtectionState.InForce,
                Note = "This is not undone: the data stays where it is.",
            };
        }

        return work.Machine.IsThisMachine
            ? await LookAsync(DataDirectory(), ct)
            : Refused("Volumes are mounted on the machine itself: run this there, without --root.");
    }

    public async Task ChangeAsync(ProtectionAim aim, CancellationToken ct)
    {
        var data = DataDirectory();
        var move = new VolumeMove(work, pod, _journal, _programs, data);
        if (_journal.Step is not null)
        {
            await move.FinishAsync(ct);
            if (MountedVolume.IsOwn(work.Machine, data))
            {
                CloudDevice.Forget(work.Record);
            }
        }

        if (aim == ProtectionAim.Remove || (await LookAsync(aim, ct)).State != ProtectionState.Differs)
        {
            return;
        }

        if (MountedVolume.IsOwn(work.Machine, data))
        {
            await new MountedVolume(work.Machine, _programs, data).ChangeAsync(ct);
        }
        else
        {
            await move.RunAsync(await source!.ProvideAsync(ct), ct);
        }

        CloudDevice.Forget(work.Record);
    }

    private static ProtectionLook Refused(string note) =>
        new() { State = ProtectionState.Refused, Note = note };

    private async Task<ProtectionLook> LookAsync(string data, CancellationToken ct)
    {
        if (MountedVolume.IsOwn(work.Machine, data))
        {
            return await LookAtMountedAsync(data, ct);
        }

        if (source is null)
        {
            return Refused(
                $"{data} shares a file system with others. Give --etcd-volume a blank device, or with --cloud a "
                    + "volume's id or 'new'.");
        }

        if (work.Machine.TryRead(MountUnit.DropInPath) is not null
            || UnitFiles.Read(work.Machine, MountUnit.NameOf(data)).File is { })
        {
            return Refused($"{MountUnit.NameOf(data)} or {MountUnit.DropInPath} is there, and nothing is mounted at "
                + $"{data}: is the volume missing? If nobody needs them, delete both.");
        }

        var volume = await source.LookAsync(ct);
        var bytes = VerifiedCopy.BytesOf(work.Machine.FileSystem, work.Machine.PathOf(data));
        return new ProtectionLook
        {
            State = ProtectionState.Differs,
            Found = $"{data} shares a file system with others",
            Wanted = $"{data} on {volume}",
            Change = $"stop etcd, copy {bytes >> 20} MiB, check the copy, mount it at {data}, start etcd; the API is "
                + "away for a minute or two, and the old directory is kept",
        };
    }

    private async Task<ProtectionLook> LookAtMountedAsync(string data, CancellationToken ct)
    {
        var volume = new MountedVolume(work.Machine, _programs, data);
        var device = await volume.SourceAsync(ct);
        var (isKept, isAwaited) = (volume.IsKept, volume.IsAwaited);
        return new ProtectionLook
        {
            State = isKept && isAwaited ? ProtectionState.InForce : ProtectionState.Differs,
            Found = $"{device} at {data}, {(isKept ? "mounted" : "NOT mounted")} by a unit or fstab at every boot, "
                + $"kubelet {(isAwaited ? "waits" : "does NOT wait")} for it",
            Wanted = "mounted at every boot, and kubelet waits for it",
            Change = isKept && isAwaited
                ? null
                : string.Join(" and ", ((string?[])[
                    isKept ? null : $"write {MountUnit.PathOf(data)}",
                    isAwaited ? null : $"write {MountUnit.DropInPath}"]).OfType<string>()) + "; nothing restarts",
        };
    }

    private string DataDirectory()
    {
        var manifest = pod.Load();
        if (manifest.WalDirectory is not null)
        {
            throw Unmovable("etcd has its log in a directory of its own (--wal-dir)");
        }

        var data = manifest.DataDirectory.TrimEnd('/');
        return work.Machine.FileSystem.IsLink(work.Machine.PathOf(data))
            ? throw Unmovable($"{data} is a symbolic link")
            : data;
    }

    private static SalvorException Unmovable(string why) => new(ErrorCode.WrongKind, $"{why}.")
    {
        Hint = "Such data is moved by hand.",
    };
}
