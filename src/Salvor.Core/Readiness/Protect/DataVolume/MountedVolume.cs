using Salvor.Errors;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>
/// A data directory that is a volume's mount already: does it come back, and does kubelet wait for it?
/// </summary>
internal sealed class MountedVolume(NodeFiles machine, MachinePrograms programs, string data)
{
    private const string Kubelet = "kubelet.service";
    private const string FileSystemTable = "/etc/fstab";

    /// <summary>A file system of its own: a bind mount of the same one would share its fate.</summary>
    public static bool IsOwn(NodeFiles machine, string data) =>
        machine.FileSystem.Stat(machine.PathOf(data)) is { } here
        && machine.FileSystem.Stat(Path.GetDirectoryName(machine.PathOf(data))!) is { } above
        && here.DeviceId != above.DeviceId;

    /// <summary>Whether a unit or a line of fstab mounts it at every boot.</summary>
    public bool IsKept => UnitFiles.Read(machine, MountUnit.NameOf(data)).File is not null || IsInTable();

    public bool IsAwaited => UnitFiles.Read(machine, Kubelet).All("Unit", MountUnit.RequiresMounts)
        .SelectMany(setting => setting.Value.Split(' '))
        .Any(path => path.TrimEnd('/') == data || path.StartsWith(data + "/", StringComparison.Ordinal));

    /// <summary>The device that is mounted.</summary>
    /// <exception cref="SalvorException">It is none that could be mounted by its file system's UUID.</exception>
    public async Task<string> SourceAsync(CancellationToken ct)
    {
        var source = await programs.RunAsync(
            "findmnt", ["--noheadings", "--first-only", "--output", "SOURCE", "--mountpoint", machine.PathOf(data)],
            ct);
        return source.StartsWith("/dev/", StringComparison.Ordinal) && !source.Contains('[')
            ? source
            : throw new SalvorException(ErrorCode.WrongKind, $"{data} is mounted from {source}, which is no device.")
            {
                Hint = "Only a volume outlives its machine. To have it moved onto one, unmount this with etcd stopped.",
            };
    }

    /// <summary>Writes what is missing; nothing is unmounted, and kubelet goes on running.</summary>
    public async Task ChangeAsync(CancellationToken ct)
    {
        if (!IsKept)
        {
            var source = await SourceAsync(ct);
            async Task<string> TagAsync(string name) => await programs.RunAsync(
                "blkid", ["--probe", "--match-tag", name, "--output", "value", source], ct);
            var volume = new FileSystemOnDevice(await TagAsync("UUID"), await TagAsync("TYPE"));
            machine.Write(MountUnit.PathOf(data), MountUnit.Text(volume, data));
            await programs.RunAsync("systemctl", ["daemon-reload"], ct);
            await programs.RunAsync("systemctl", ["enable", MountUnit.NameOf(data)], ct);
        }

        if (!IsAwaited)
        {
            machine.Write(MountUnit.DropInPath, MountUnit.DropIn(data));
            await programs.RunAsync("systemctl", ["daemon-reload"], ct);
        }
    }

    private bool IsInTable() => machine.TryRead(FileSystemTable)?.Text.Split('\n')
        .Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        .Any(words => words.Length > 2 && !words[0].StartsWith('#') && words[1].TrimEnd('/') == data) == true;
}
