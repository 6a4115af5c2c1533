using System.Collections.Immutable;
using Salvor.IntegrationTests.Support;
using Salvor.Platform.Linux;
using Salvor.Readiness.Protect.Machine;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.OnMachine.Disk;

namespace Salvor.IntegrationTests.Recovery;

/// <summary>A real file system that is really full.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_reserve_of_a_full_volume_is_real_space_and_etcd_takes_no_notice_of_it()
    {
        await using var volume = await TmpfsMount.MakeAsync(_directory["var/lib/etcd"], "size=700m,nr_inodes=2000");
        Directory.CreateDirectory(_directory["var/log"]);
        var files = new LinuxFileSystem();
        var machine = new NodeFiles(files, _directory.FullName);
        ImmutableArray<string> directories = ["/var/lib/etcd"];
        var places = new DiskPlaces(machine, directories);
        var reserve = new DiskReserve(places, new RecordedKubelet());
        var free = files.Space(volume.FullName).FreeBytes;
        reserve.Keep();
        Assert.Equal(free - (64 << 20), files.Space(volume.FullName).FreeBytes);

        await using (var server = await EtcdServer.StartAsync(
            new EtcdServerOptions { DataDirectory = volume.FullName }))
        {
            await server.Etcdctl.PutAsync("k", "v");
            Assert.Equal("v", await server.Etcdctl.GetAsync("k"));
        }

        await FillAsync(files, volume.FullName);
        Assert.Equal(Truth.Yes, new DiskLook(places).Look()[Sign.DiskFull].Truth);

        var report = await reserve.ReleaseReserveAsync(Ct);

        Assert.True(report.Result == StepResult.Done, report.Detail);
        Assert.Equal(Truth.No, new DiskLook(places).Look()[Sign.DiskFull].Truth);
        await using var again = await EtcdServer.StartAsync(
            new EtcdServerOptions { DataDirectory = volume.FullName });
        Assert.Equal("v", await again.Etcdctl.GetAsync("k"));
    }

    [Fact]
    public async Task Inodes_that_are_used_up_are_seen()
    {
        await using var volume = await TmpfsMount.MakeAsync(_directory["var/lib/etcd"], "size=64m,nr_inodes=100");
        var places = new DiskPlaces(new NodeFiles(new LinuxFileSystem(), _directory.FullName), ["/var/lib/etcd"]);
        Assert.Equal(Truth.No, new DiskLook(places).Look()[Sign.InodesFull].Truth);
        for (var i = 0; i < 90; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(volume.FullName, $"{i}"), "", Ct);
        }

        var seen = new DiskLook(places).Look()[Sign.InodesFull];

        Assert.Equal(Truth.Yes, seen.Truth);
        Assert.Contains("/var/lib/etcd", seen.Detail, StringComparison.Ordinal);
    }

    /// <summary>Leaves next to nothing.</summary>
    private static async Task FillAsync(LinuxFileSystem files, string directory)
    {
        await using var filler = File.Create(Path.Combine(directory, "somebodys-file"));
        using var file = files.CreateNew(Path.Combine(directory, "somebodys-data"), UnixFileMode.UserWrite);
        file.Preallocate(files.Space(directory).FreeBytes - (1 << 20));
    }
}
