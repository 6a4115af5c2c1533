using System.CommandLine;
using Salvor.Cli;
using Salvor.Errors;
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

    [Fact]
    public void Configuration_tells_the_data_directory_and_the_manifest()
    {
        var config = WriteConfig($"{{ dataDirectory: {_temporary["data"]}, manifestFile: {WriteManifest()} }}");
        var options = Parse("--config", config);
        Assert.Equal(_temporary["data"], options.DataDirectory);
        Assert.Equal(_temporary["wal"], options.WalDirectory);
        Assert.Equal("n1", options.Name);
        Assert.Equal("prod", options.ClusterToken);
    }

    [Fact]
    public void Configurations_data_directory_comes_before_its_manifests_and_after_the_command_lines()
    {
        var config = WriteConfig($"{{ dataDirectory: {_temporary["own"]}, manifestFile: {WriteManifest()} }}");
        Assert.Equal(_temporary["own"], Parse("--config", config).DataDirectory);
        Assert.Null(Parse("--config", config).WalDirectory);
        Assert.Equal(_temporary["given"], Parse("--config", config, "--data-dir", _temporary["given"]).DataDirectory);
        Assert.Equal(
            _temporary["data"], Parse("--config", config, "--manifest", WriteManifest()).DataDirectory);
    }

    [Fact]
    public void A_manifest_that_is_gone_stops_only_who_does_not_say_everything()
    {
        var config = WriteConfig($"{{ manifestFile: {_temporary["gone.yaml"]} }}");
        var e = Assert.Throws<SalvorException>(() => Parse("--config", config, "--data-dir", _temporary["d"]));
        Assert.Equal(ErrorCode.NotFound, e.Code);
        Assert.Contains("--manifest", e.Hint, StringComparison.Ordinal);
        var options = Parse(
            "--config", config, "--data-dir", _temporary["d"], "--name", "n", "--peer-urls", "http://h:2380");
        Assert.Equal("n", options.Name);
        Assert.Throws<SalvorException>(() => Parse("--config", _temporary["gone.yaml"], "--data-dir",
            _temporary["d"], "--name", "n", "--peer-urls", "http://h:2380"));
    }

    private RestoreOptions Read(params string[] args) => Parse(["--manifest", WriteManifest(), .. args]);

    private string WriteManifest()
    {
        var manifest = _temporary["etcd.yaml"];
        File.WriteAllText(manifest, $"""
            spec:
              containers:
              - name: etcd
                command: [etcd, --name=n1, --data-dir={_temporary["data"]}, --wal-dir={_temporary["wal"]}/,
                  --initial-cluster-token=prod]
            """);
        return manifest;
    }

    private string WriteConfig(string etcd)
    {
        var file = _temporary["config.yaml"];
        File.WriteAllText(file, $"etcd: {etcd}\n");
        return file;
    }

    private static RestoreOptions Parse(params string[] args)
    {
        var command = new Command("restore");
        var config = new ConfigOption();
        var target = new TargetOptions(config);
        target.AddTo(command);
        config.AddTo(command);
        var context = new CommandContext(new LinuxFileSystem(), new ThreadCpuPool(), new OsEntropy(),
            TimeProvider.System, new Terminal(TextWriter.Null, TextWriter.Null, false, widthColumns: 100));
        return target.Read(command.Parse(args), context);
    }
}
