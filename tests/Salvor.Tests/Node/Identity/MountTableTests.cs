using Salvor.Node.Identity;
using Salvor.Platform.Linux;

namespace Salvor.Tests.Node.Identity;

public sealed class MountTableTests
{
    private const string Table = """
        22 1 253:0 / / rw,relatime shared:1 - ext4 none rw
        23 22 0:21 / /proc rw - proc proc rw
        40 22 253:1 / /var/lib/etcd rw shared:2 master:1 - xfs none rw
        41 22 253:2 / /mnt/a\040disk rw - ext4 none rw
        broken line
        42 22 253:3 / /mnt/a\040disk rw - btrfs none rw
        """;

    [Theory]
    [InlineData("/var/lib/etcd", "/var/lib/etcd", "xfs")]
    [InlineData("/var/lib/etcd/member", "/var/lib/etcd", "xfs")]
    [InlineData("/var/lib/etcd-other", "/", "ext4")]
    [InlineData("/nowhere", "/", "ext4")]
    [InlineData("/mnt/a disk/etcd", "/mnt/a disk", "btrfs")]
    public void A_directory_lies_on_the_nearest_mount_above_it(string directory, string point, string kind) =>
        Assert.Equal(new MountIdentity(point, kind, Uuid: null),
            MountTable.Parse(new LinuxFileSystem(), Table).Of(directory));

    [Fact]
    public void This_machines_own_table_tells_where_the_root_is() =>
        Assert.Equal("/", MountTable.Read(new LinuxFileSystem()).Of("/nowhere/at/all")?.Point);

    [Fact]
    public void An_empty_table_tells_nothing() => Assert.Null(MountTable.Parse(new LinuxFileSystem(), "").Of("/a"));
}
