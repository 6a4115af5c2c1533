using Salvor.Errors;
using Salvor.Platform;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.OnMachine.Disk;
using static Salvor.Tests.Recovery.OnMachine.Disk.DiskMachine;

namespace Salvor.Tests.Recovery.OnMachine.Disk;

public sealed class DiskLookTests
{
    [Theory]
    [InlineData(100_000, 64, false)]
    [InlineData(100_000, 63, true)]
    [InlineData(6_400, 63, true)]
    [InlineData(1_000, 10, false)]
    [InlineData(1_000, 9, true)]
    [InlineData(100, 8, false)]
    [InlineData(100, 7, true)]
    [InlineData(0, 0, false)] // A file system that has no size, as of the kernel's own.
    public void Full_is_a_hundredth_and_at_most_a_piece_of_etcds_log(long totalMib, long freeMib, bool isFull) =>
        Assert.Equal(isFull, DiskLimits.IsFull(new FileSystemSpace(totalMib * Mib, freeMib * Mib, 0, 0)));

    [Theory]
    [InlineData(6_000_000, 1000, false)]
    [InlineData(6_000_000, 999, true)]
    [InlineData(100_000, 100, false)]
    [InlineData(100_000, 99, true)]
    [InlineData(0, 0, false)] // It makes inodes as it needs them.
    public void Inodes_are_gone_when_a_thousandth_is_left(long total, long free, bool isFull) =>
        Assert.Equal(isFull, DiskLimits.HasNoInodes(new FileSystemSpace(Mib, Mib, total, free)));

    [Fact]
    public void One_full_disk_is_named_and_one_that_does_not_answer_is_not_taken_for_empty()
    {
        var machine = new DiskMachine();
        var seen = new DiskLook(machine.Places()).Look();
        Assert.Equal(Truth.No, seen[Sign.DiskFull].Truth);
        Assert.Equal(Truth.No, seen[Sign.InodesFull].Truth);

        machine.EtcdInodes = (1_000_000, 3);
        machine.EtcdFree = 3 * Mib;
        seen = new DiskLook(machine.Places()).Look();
        Assert.Contains(EtcdDirectory, seen[Sign.DiskFull].Detail, StringComparison.Ordinal);
        Assert.Equal(Truth.Yes, seen[Sign.InodesFull].Truth);

        machine.Memory.SpaceOf = _ => throw new SalvorException(ErrorCode.IoFailed, "It hangs.");
        seen = new DiskLook(machine.Places()).Look();
        Assert.Equal(Truth.Unknown, seen[Sign.DiskFull].Truth);
        Assert.Equal(Truth.Unknown, seen[Sign.InodesFull].Truth);
    }

    [Fact]
    public void The_real_file_system_says_what_the_runtime_says()
    {
        var space = new Salvor.Platform.Linux.LinuxFileSystem().Space("/tmp");
        var drive = new DriveInfo("/tmp");

        Assert.Equal(drive.TotalSize, space.TotalBytes);
        Assert.InRange(space.FreeBytes, drive.TotalFreeSpace - (1024 * Mib), drive.TotalFreeSpace + (1024 * Mib));
        Assert.InRange(space.FreeInodes, 0, space.TotalInodes);
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<SalvorException>(
            () => new Salvor.Platform.Linux.LinuxFileSystem().Space("/no/such/path")).Code);
    }
}
