using Salvor.Errors;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Readiness.Protect.Machine;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.OnMachine.Disk;
using Salvor.Tests.DataDirectory;
using static Salvor.Tests.Recovery.OnMachine.Disk.DiskMachine;

namespace Salvor.Tests.Recovery.OnMachine.Disk;

public sealed class DiskReserveTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_volume_gets_its_reserve_back_and_nothing_else_is_touched()
    {
        var machine = new DiskMachine();
        machine.Reserve().Keep();
        machine.EtcdFree = 64 * Mib;
        Assert.Equal(Truth.Yes, See(machine)[Sign.DiskFull].Truth);

        var report = await machine.Reserve().ReleaseReserveAsync(Ct);

        Assert.Equal(StepResult.Done, report.Result);
        Assert.Contains("64 MiB back", report.Detail, StringComparison.Ordinal);
        Assert.False(machine.Has(EtcdReserve));
        Assert.True(machine.Has(DiskPlaces.ReservePath));
        Assert.True(machine.Has("/var/lib/etcd/member/wal/0.wal"));
        Assert.Empty(machine.Calls);
        Assert.Equal(Truth.No, See(machine)[Sign.DiskFull].Truth);
        Assert.Equal(StepResult.Done, (await machine.Reserve().ReleaseReserveAsync(Ct)).Result);
    }

    [Fact]
    public async Task The_systems_journal_is_shortened_where_its_disk_is_full()
    {
        var machine = new DiskMachine { RootFree = 10 * Mib, JournalBytes = 3_000 * Mib };

        var report = await machine.Reserve().ReleaseReserveAsync(Ct);

        Assert.Equal(StepResult.Done, report.Result);
        Assert.Equal(["journalctl --vacuum-size=64M"], machine.Calls);
    }

    [Fact]
    public async Task When_that_is_not_enough_a_person_is_told()
    {
        var machine = new DiskMachine { RootFree = 10 * Mib };

        var report = await machine.Reserve().ReleaseReserveAsync(Ct);

        Assert.Equal(StepResult.Failed, report.Result);
        Assert.Contains("Never delete etcd's files", report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reserve_is_made_where_there_is_plenty_and_not_again_before_there_is()
    {
        var machine = new DiskMachine { EtcdFree = 511 * Mib };
        machine.Reserve().Keep();
        Assert.False(machine.Has(EtcdReserve));
        Assert.Equal(64 * Mib, machine.Memory.Stat(DiskPlaces.ReservePath)!.SizeBytes);

        machine.EtcdFree = 512 * Mib;
        machine.Reserve().Keep();
        Assert.Equal(64 * Mib, machine.Memory.Stat(EtcdReserve)!.SizeBytes);
    }

    [Fact]
    public void Data_on_the_machines_own_disk_gets_no_second_reserve_and_a_volume_one_at_its_top()
    {
        Assert.Equal([DiskPlaces.ReservePath], new DiskMachine(hasVolume: false).Places().Reserves);
        var machine = new DiskMachine();
        machine.Memory.With("/var/lib/etcd/deep/data/member/x", [1]);
        Assert.Equal(
            [DiskPlaces.ReservePath, EtcdReserve],
            machine.Places(["/var/lib/etcd/deep/data", "/var/lib/etcd/wal-is-missing"]).Reserves);
    }

    [Fact]
    public void A_power_cut_leaves_a_reserve_that_is_whole_or_made_anew()
    {
        for (var cutAt = 0; ; cutAt++)
        {
            using var machine = new RepairMachine();
            Directory.CreateDirectory(machine.PathOf("/var/lib"));
            var files = new FaultyFileSystem(new LinuxFileSystem()) { CutAt = cutAt };
            try
            {
                Reserve(machine, files).Keep();
            }
            catch (PowerCutException)
            {
                // What is left is looked at next.
            }

            Reserve(machine, new LinuxFileSystem()).Keep();
            Assert.Equal(64 * Mib, new FileInfo(machine.PathOf(DiskPlaces.ReservePath)).Length);
            if (!files.WasHit)
            {
                return;
            }
        }
    }

    [Fact]
    public void Where_the_space_was_taken_meanwhile_nothing_is_left()
    {
        using var machine = new RepairMachine();
        Directory.CreateDirectory(machine.PathOf("/var/lib/salvor"));
        var files = new FaultyFileSystem(new LinuxFileSystem()) { FailAt = 1, Failure = ErrorCode.NoSpace };

        Reserve(machine, files).Keep();

        Assert.True(files.WasHit);
        Assert.Empty(machine.Names("/var/lib/salvor"));
    }

    private static DiskReserve Reserve(RepairMachine machine, IFileSystem files) =>
        new(new DiskPlaces(new NodeFiles(files, machine.Root), []), new DiskMachine());

    private static Observations See(DiskMachine machine) => new DiskLook(machine.Places()).Look();
}
