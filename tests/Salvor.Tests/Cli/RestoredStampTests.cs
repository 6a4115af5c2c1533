using Salvor.Cli;
using Salvor.Formats.Etcd;
using Salvor.Node.Identity;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Repository;

namespace Salvor.Tests.Cli;

public sealed class RestoredStampTests : IDisposable
{
    private static readonly NodeIdentity Old = new()
    {
        ClusterId = "a1",
        MemberId = "b1",
        Timeline = 1,
        DataDirectory = "/var/lib/etcd",
        Mount = new MountIdentity("/gone", "ext4", null),
        Written = DateTimeOffset.UnixEpoch,
    };

    private readonly TempDirectory _directory = new();
    private readonly StringWriter _error = new();

    public RestoredStampTests() => Directory.CreateDirectory(_directory["root/var/lib/etcd"]);

    private NodeIdentityFile Stamp => new(new LinuxFileSystem(), _directory["root"]);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_member_in_the_stamped_place_renews_the_stamp()
    {
        Stamp.Write(Old);

        Renew(_directory["root/var/lib/etcd/"], new TimelineId(2));

        var now = Stamp.TryRead()!;
        Assert.Equal(("c1", "d1", 2, "/var/lib/etcd"), (now.ClusterId, now.MemberId, now.Timeline, now.DataDirectory));
        Assert.NotEqual("/gone", now.Mount?.Point);
        Renew(_directory["root/var/lib/etcd"], timeline: null);
        Assert.Equal(2, Stamp.TryRead()!.Timeline);
    }

    [Fact]
    public void A_member_elsewhere_and_a_machine_without_a_stamp_are_left_alone()
    {
        Renew(_directory["root/var/lib/etcd"], new TimelineId(2));
        Assert.Null(Stamp.TryRead());
        Stamp.Write(Old);

        Renew(_directory["elsewhere"], new TimelineId(2));

        Assert.Equal(Old, Stamp.TryRead());
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public void A_stamp_that_can_not_be_read_is_told_and_ends_nothing()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Stamp.Path)!);
        File.WriteAllText(Stamp.Path, "{");

        Renew(_directory["root/var/lib/etcd"], new TimelineId(2));

        Assert.StartsWith("warning: ", _error.ToString(), StringComparison.Ordinal);
    }

    private void Renew(string dataDirectory, TimelineId? timeline)
    {
        var terminal = new Terminal(TextWriter.Null, _error, isErrorInteractive: false, widthColumns: 100);
        var context = new CommandContext(
            new LinuxFileSystem(), new ThreadCpuPool(), new OsEntropy(), TimeProvider.System, terminal)
        {
            Root = _directory["root"],
        };
        RestoredStamp.Renew(context, dataDirectory, new ClusterId(0xc1), new MemberId(0xd1), timeline);
    }
}
