using System.Collections.Immutable;
using Salvor.Platform;
using Salvor.Readiness.Protect.Machine;
using Salvor.Recovery.OnMachine.Disk;
using Salvor.Tests.Support;

namespace Salvor.Tests.Recovery.OnMachine.Disk;

/// <summary>A machine in memory: its own file system, and one for etcd. Reserves take space on both.</summary>
internal sealed class DiskMachine : IProcessRunner
{
    public const string EtcdDirectory = "/var/lib/etcd";
    public const string EtcdReserve = "/var/lib/etcd/.salvor-reserve";
    public const long Mib = 1 << 20;

    public DiskMachine(bool hasVolume = true)
    {
        Memory.With("/var/lib/etcd/member/wal/0.wal", [1]).With("/var/log/syslog", [1]);
        Memory.DeviceOf = path => hasVolume && IsOnVolume(path) ? 2UL : 1;
        Memory.SpaceOf = path => hasVolume && IsOnVolume(path)
            ? new FileSystemSpace(20_000 * Mib, EtcdFree - Taken(EtcdReserve), EtcdInodes.Total, EtcdInodes.Free)
            : new FileSystemSpace(50_000 * Mib, RootFree - Taken(DiskPlaces.ReservePath), 0, 0);
    }

    public MemoryFiles Memory { get; } = new();

    /// <summary>What others have left.</summary>
    public long EtcdFree { get; set; } = 10_000 * Mib;

    public long RootFree { get; set; } = 10_000 * Mib;

    public (long Total, long Free) EtcdInodes { get; set; } = (1_000_000, 900_000);

    public List<string> Calls { get; } = [];

    /// <summary>How much journalctl gives back.</summary>
    public long JournalBytes { get; set; }

    public bool Has(string path) => Memory.Stat(path) is not null;

    public DiskPlaces Places(ImmutableArray<string>? directories = null) =>
        new(new NodeFiles(Memory, "/"), directories ?? [EtcdDirectory]);

    public DiskReserve Reserve() => new(Places(), this);

    public Task<ProcessResult?> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken ct)
    {
        Calls.Add($"{program} {string.Join(' ', arguments)}");
        RootFree += JournalBytes;
        JournalBytes = 0;
        return Task.FromResult<ProcessResult?>(new ProcessResult(0, "", ""));
    }

    private static bool IsOnVolume(string path) =>
        path == EtcdDirectory || path.StartsWith(EtcdDirectory + "/", StringComparison.Ordinal);

    private long Taken(string path) => Memory.Stat(path)?.SizeBytes ?? 0;
}
