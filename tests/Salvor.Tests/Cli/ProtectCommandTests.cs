using Salvor.Tests.Readiness.Protect.Machine;

namespace Salvor.Tests.Cli;

public sealed class ProtectCommandTests : IDisposable
{
    private readonly MachineRoot _machine = new();

    public ProtectCommandTests()
    {
        _machine.Write(MachineRoot.Manifest, MachineRoot.Fixture("kubeadm-1.34.yaml"));
        _machine.StartEtcdOnce();
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task Checking_tells_what_differs_by_its_exit_code_and_changes_nothing()
    {
        var before = _machine.Everything();

        var run = await RunAsync("--check");

        Assert.Equal(22, run.ExitCode);
        Assert.Contains("DIFFERS  etcd-interlock", run.Out, StringComparison.Ordinal);
        Assert.Equal(before, _machine.Everything());
    }

    [Fact]
    public async Task What_goes_through_the_API_comes_before_what_restarts_etcd()
    {
        var run = await RunAsync("--check");

        string[] items = ["kubeadm-config:", "etcd-interlock:"];
        Assert.Equal(items, items.OrderBy(item => run.Out.IndexOf(item, StringComparison.Ordinal)));
        Assert.All(items, item => Assert.Contains(item, run.Out, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("new", "without --cloud")]
    [InlineData("vol-0abc", "without --cloud")]
    [InlineData("nvme1n1", "neither a device nor a volume")]
    public async Task A_volume_that_can_not_be_found_is_bad_usage(string volume, string words)
    {
        var run = await RunAsync("--check", "--etcd-volume", volume);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_to_ask_is_no_yes()
    {
        var before = _machine.Everything();

        foreach (var run in new[] { await RunAsync(), await RunAsync("--output", "json") })
        {
            Assert.Equal(2, run.ExitCode);
            Assert.Contains("--yes", run.Error + run.Out, StringComparison.Ordinal);
        }

        Assert.Equal(before, _machine.Everything());
    }

    [Fact]
    public async Task Yes_changes_it_and_the_second_time_writes_nothing()
    {
        var first = await RunAsync("--yes", "--output", "json");
        Assert.Contains("\"outcome\": \"changed\"", first.Out, StringComparison.Ordinal);
        var after = _machine.Everything();

        var second = await RunAsync("--yes");

        Assert.DoesNotContain("DIFFERS", second.Out, StringComparison.Ordinal);
        Assert.Equal(after, _machine.Everything());
    }

    [Fact]
    public async Task A_policy_is_printed_and_nothing_else_is_done()
    {
        var before = _machine.Everything();

        var run = await RunAsync(
            "--print-policy", "agent", "--policy-repository", "s3://backups/eu/prod", "--policy-region", "cn-north-1",
            "--policy-account", "123456789012");
        var incomplete = await RunAsync("--print-policy", "guard");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("\"arn:aws-cn:s3:::backups/eu/prod/*\"", run.Out, StringComparison.Ordinal);
        Assert.Equal(2, incomplete.ExitCode);
        Assert.Contains("--policy-repository", incomplete.Error, StringComparison.Ordinal);
        Assert.Equal(before, _machine.Everything());
    }

    private Task<CommandLine> RunAsync(params string[] args) =>
        CommandLine.RunAsync(["protect", "--root", _machine.Root, .. args]);
}
