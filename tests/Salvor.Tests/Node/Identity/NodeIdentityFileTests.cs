using Salvor.Errors;
using Salvor.Node.Identity;
using Salvor.Platform.Linux;
using Salvor.Tests.DataDirectory;

namespace Salvor.Tests.Node.Identity;

public sealed class NodeIdentityFileTests : IDisposable
{
    private static readonly NodeIdentity Stamp = new()
    {
        ClusterId = "cdf818194e3a8c32",
        MemberId = "8e9e05c52164694d",
        Timeline = 2,
        DataDirectory = "/var/lib/etcd",
        Mount = new MountIdentity("/var/lib/etcd", "ext4", "0b0b"),
        Written = DateTimeOffset.UnixEpoch,
    };

    private readonly TempDirectory _directory = new();

    private NodeIdentityFile File => new(new LinuxFileSystem(), _directory["root"]);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_is_written_is_read_and_the_same_again_is_not_written()
    {
        Directory.CreateDirectory(_directory["root"]);
        Assert.Null(File.TryRead());

        Assert.True(File.Write(Stamp));
        Assert.False(File.Write(Stamp with { Written = DateTimeOffset.UnixEpoch.AddDays(1) }));

        Assert.Equal(Stamp, File.TryRead());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"clusterId":"XYZ","memberId":"1","dataDirectory":"/a","written":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"clusterId":"1","memberId":"","dataDirectory":"/a","written":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"clusterId":"1","memberId":"1","dataDirectory":"a","written":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"clusterId":"1","memberId":null,"dataDirectory":"/a","written":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"clusterId":"1","memberId":"1","timeline":0,"dataDirectory":"/","written":"2026-01-01T00:00Z"}""")]
    [InlineData("""
        {"clusterId":"1","memberId":"1","dataDirectory":"/a","written":"2026-01-01T00:00:00Z",
        "mount":{"point":"x","kind":"y","uuid":null}}
        """)]
    public void What_is_no_stamp_is_refused_and_never_an_exception_of_another_kind(string text)
    {
        Put(text);

        var error = Assert.Throws<SalvorException>(File.TryRead);

        Assert.Equal(ErrorCode.WrongKind, error.Code);
        Assert.Null(File.ReadOrNull());
        Assert.True(File.Write(Stamp));
    }

    [Fact]
    public void A_stamp_of_any_length_is_refused_without_being_read()
    {
        Put(new string(' ', 10 << 20));

        Assert.Equal(ErrorCode.WrongKind, Assert.Throws<SalvorException>(File.TryRead).Code);
    }

    [Fact]
    public void A_power_cut_leaves_the_old_stamp_or_the_new_one()
    {
        Directory.CreateDirectory(_directory["root"]);
        File.Write(Stamp);
        var next = Stamp with { Timeline = 3 };
        for (var at = 0; ; at++)
        {
            var files = new FaultyFileSystem(new LinuxFileSystem()) { CutAt = at };
            var cut = Record.Exception(() => new NodeIdentityFile(files, _directory["root"]).Write(next));
            var left = File.TryRead();
            Assert.True(left == Stamp || left == next);
            if (cut is null)
            {
                Assert.Equal(next, left);
                return;
            }

            File.Write(Stamp);
        }
    }

    private void Put(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File.Path)!);
        System.IO.File.WriteAllText(File.Path, text);
    }
}
