using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Platform.Linux;
using Salvor.Restore;
using Salvor.Restore.Salvage;
using Salvor.Tests.DataDirectory;
using Salvor.Tests.Support;

namespace Salvor.Tests.Restore.Salvage;

/// <summary>A salvage must never write where it reads, however the target is spelt.</summary>
public sealed class SalvageTargetTests : IDisposable
{
    private readonly TempDirectory _temporary = new();

    public SalvageTargetTests()
    {
        Directory.CreateDirectory(_temporary["source", "member", "snap"]);
        Directory.CreateDirectory(_temporary["log"]);
        Directory.CreateDirectory(_temporary["member"]);
        File.WriteAllBytes(_temporary["source", "member", "snap", "db"], SampleDatabase.Good().ToImage());
        Directory.CreateSymbolicLink(_temporary["link"], _temporary["source"]);
        Directory.CreateSymbolicLink(_temporary["snaplink"], _temporary["source", "member", "snap"]);
        Directory.CreateSymbolicLink(_temporary["loglink"], _temporary["log"]);
    }

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("source", null)]
    [InlineData("source/", null)]
    [InlineData("source//.", null)]
    [InlineData("link", null)]
    [InlineData("link/", null)]
    [InlineData("source/member", null)]
    [InlineData("link/member/x", null)]
    [InlineData("snaplink/x", null)]
    [InlineData("log", null)]
    [InlineData("loglink/x", null)]
    [InlineData("new", "log")]
    [InlineData("new", "loglink/")]
    [InlineData("new", "log/x")]
    [InlineData("new", "link/member/x")]
    public void Target_that_is_or_touches_the_source_is_refused(string data, string? wal)
    {
        var before = Tree.Of(_temporary["source"]);
        var error = Assert.Throws<SalvorException>(() => Salvage(data, wal));
        Assert.Equal(ErrorCode.Usage, error.Code);
        Assert.Equal(before, Tree.Of(_temporary["source"]));
        Assert.Empty(Directory.GetFileSystemEntries(_temporary["log"]));
    }

    [Theory]
    [InlineData("source/salvaged")]
    [InlineData("source/membership")]
    [InlineData("link/salvaged/")]
    [InlineData("logs")]
    public void New_directory_beside_the_source_or_its_member_is_a_good_target(string data)
    {
        Salvage(data, wal: null);
        Assert.True(File.Exists(_temporary[data, "member", "snap", "db"]));
    }

    [Fact]
    public void Source_inside_of_the_targets_member_is_refused()
    {
        Directory.Move(_temporary["source"], _temporary["member", "source"]);
        var error = Assert.Throws<SalvorException>(() => Salvage("", wal: null, source: "member/source"));
        Assert.Equal(ErrorCode.Usage, error.Code);
        Assert.True(Directory.Exists(_temporary["member", "source"]));
    }

    private void Salvage(string data, string? wal, string source = "source") =>
        new DirectorySalvage(new LinuxFileSystem(), TimeProvider.System).Run(
            new SalvageOptions
            {
                Source = new MemberLayout(_temporary[source], _temporary["log"]),
                Target = new RestoreOptions
                {
                    DataDirectory = _temporary.FullName + "/" + data,
                    WalDirectory = wal is null ? null : _temporary.FullName + "/" + wal,
                    ClusterToken = "token",
                    MayQuarantine = true,
                },
            },
            progress: null,
            TestContext.Current.CancellationToken);
}
