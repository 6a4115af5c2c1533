using System.Collections.Immutable;
using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Recovery.OnMachine.Disk;

/// <summary>The file systems that etcd and the machine live on.</summary>
/// <param name="machine">Whose.</param>
/// <param name="etcdDirectories">etcd's data directory, and its log's where that is elsewhere.</param>
public sealed class DiskPlaces(NodeFiles machine, ImmutableArray<string> etcdDirectories)
{
    /// <summary>Where the reserve of the machine's own file system is.</summary>
    public const string ReservePath = "/var/lib/salvor/reserve";

    public const string LogDirectory = "/var/log";

    /// <summary>
    /// Beside etcd's data the name begins with a dot, and is not below member: etcd says once at its start that it does
    /// not know it, and leaves it alone.
    /// </summary>
    public const string EtcdReserveName = ".salvor-reserve";

    private static readonly ImmutableArray<string> MachineDirectories = ["/", "/var/lib", LogDirectory];

    public NodeFiles Machine => machine;

    /// <summary>One directory of each file system, of those that are there.</summary>
    public IReadOnlyList<string> Directories =>
    [
        .. etcdDirectories.Concat(MachineDirectories).Where(path => DeviceOf(path) is not null).DistinctBy(DeviceOf),
    ];

    /// <summary>
    /// Where reserves belong: one on the file system of <c>/var/lib/salvor</c>, and one on each that etcd has for
    /// itself, in its topmost directory.
    /// </summary>
    public IReadOnlyList<string> Reserves
    {
        get
        {
            var own = DeviceOf(Path.GetDirectoryName(ReservePath)!) ?? DeviceOf("/var/lib");
            return
            [
                ReservePath,
                .. etcdDirectories.Where(path => DeviceOf(path) is { } device && device != own).DistinctBy(DeviceOf)
                    .Select(path => $"{TopOf(path).TrimEnd('/')}/{EtcdReserveName}"),
            ];
        }
    }

    public FileSystemSpace Space(string path) => machine.FileSystem.Space(machine.PathOf(path));

    public ulong? DeviceOf(string path) =>
        machine.FileSystem.Stat(machine.PathOf(path)) is { IsDirectory: true } status ? status.DeviceId : null;

    private string TopOf(string path)
    {
        var top = path.TrimEnd('/');
        while (Path.GetDirectoryName(top) is { Length: > 1 } above && DeviceOf(above) == DeviceOf(path))
        {
            top = above;
        }

        return top;
    }
}
