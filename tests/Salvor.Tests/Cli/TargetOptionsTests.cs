using System.CommandLine;
using Salvor.Cli;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Restore;

namespace Salvor.Tests.Cli;

public sealed class TargetOptionsTests : IDisposable
{
    private readonly TempDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("data")]
    [InlineData("data/")]
    [InlineData("data//")]
    [InlineData("x/../data/.")]
    [InlineData("link")]
    public void Manifests_log_directory_goes_with_its_data_directory_however_that_is_spelt(string spelling)
    {
        Directory.CreateDirectory(_temporary["data"]);
        Directory.CreateSymbolicLink(_temporary["link"], _temporary["data"]);
        var options = Read("--data-dir", _temporary.FullName + "/" + spelling);
        Assert.Equal(_temporary["wal"], options.WalDirectory);
        Assert.DoesNotContain("//", options.DataDirectory, StringComparison.Ordinal);
    }

    [Fact]
    public void Manifests_log_directory_stays_out_of_a_restore_to_elsewhere()
    {
        Assert.Null(Read("--data-dir", _temporary["elsewhere"]).WalDirectory);
        Assert.Contains(Read("--data-dir", "").Validate(), f => f.Contains("--data-dir", StringComparison.Ordinal));
    }

    [Fact]
    public void Token_comes_from_the_manifest_unless_it_is_given()
    {
        Assert.Equal("prod", Read().ClusterToken);
        Assert.Equal("mine", Read("--cluster-token", "mine").ClusterToken);
    }

    private RestoreOptions Read(params string[] args)
    {
        var manifest = _temporary["etcd.yaml"];
        File.WriteAllText(manifest, $"""
            spec:
              containers:
              - name: etcd
                command: [etcd, --name=n1, --data-dir={_temporary["data"]}, --wal-dir={_temporary["wal"]}/,
                  --initial-cluster-token=prod]
            """);
        var command = new Command("restore");
        var target = new TargetOptions();
        target.AddTo(command);
        var context = new CommandContext(new LinuxFileSystem(), new ThreadCpuPool(), new OsEntropy(),
            TimeProvider.System, new Terminal(TextWriter.Null, TextWriter.Null, false, widthColumns: 100));
        return target.Read(command.Parse(["--manifest", manifest, .. args]), context);
    }
}
