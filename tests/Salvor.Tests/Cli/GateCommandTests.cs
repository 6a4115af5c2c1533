using Salvor.Tests.Readiness.Protect.Machine;
using Salvor.Tests.Support;

namespace Salvor.Tests.Cli;

public sealed class GateCommandTests : IDisposable
{
    private const string HeldPath = "/etc/kubernetes/salvor-held/etcd.yaml";
    private const string ConfigPath = "/etc/salvor/config.yaml";

    private readonly MachineRoot _machine = new();

    public GateCommandTests() => _machine.Write(MachineRoot.Manifest, MachineRoot.Fixture("kubeadm-1.34.yaml"));

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task A_hold_exits_with_0_and_is_released_by_the_same_command()
    {
        _machine.Write(ConfigPath, "repository:\n  location: /nowhere/at/all\n");

        var run = await RunAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("etcd is HELD BACK", run.Out, StringComparison.Ordinal);
        Assert.True(_machine.Has(HeldPath));
        Assert.Contains("\"decision\": \"held\"", (await RunAsync("--output", "json")).Out, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("--release")).ExitCode);
        Assert.True(_machine.Has(MachineRoot.Manifest));
        Assert.Equal(5, (await RunAsync("--release")).ExitCode);
    }

    [Theory]
    [InlineData("repository: [")]
    [InlineData("nonsense: 1\n")]
    [InlineData("repository:\n  location: ftp://x\n")]
    public async Task A_broken_configuration_is_told_and_good_data_passes(string text)
    {
        EtcdFixture.All[1].Unpack(_machine.PathOf("/var/lib/etcd"));
        _machine.Write(ConfigPath, text);

        var run = await RunAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("etcd may start.", run.Out, StringComparison.Ordinal);
        Assert.Contains("The configuration can't be read", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_configuration_a_new_node_passes()
    {
        var run = await RunAsync("--output", "json");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("\"decision\": \"pass\"", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_override_puts_the_manifest_back_and_the_next_run_passes_once()
    {
        _machine.Write(ConfigPath, "repository:\n  location: /nowhere/at/all\n");
        await RunAsync();

        Assert.Equal(0, (await RunAsync("--override")).ExitCode);

        Assert.True(_machine.Has(MachineRoot.Manifest));
        Assert.Contains("ALTHOUGH", (await RunAsync()).Out, StringComparison.Ordinal);
        Assert.StartsWith("etcd is HELD BACK", (await RunAsync()).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_command_line_that_can_not_be_understood_is_an_error()
    {
        Assert.Equal(2, (await RunAsync("--override", "--release")).ExitCode);
        Assert.Equal(0, (await CommandLine.RunAsync("gate", "--root", "/nowhere/at/all")).ExitCode);
    }

    private Task<CommandLine> RunAsync(params string[] args) =>
        CommandLine.RunAsync(["gate", "--root", _machine.Root, .. args]);
}
