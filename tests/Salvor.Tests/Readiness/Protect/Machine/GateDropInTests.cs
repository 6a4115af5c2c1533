using Salvor.Readiness.Protect;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Tests.Readiness.Protect.Machine;

public sealed class GateDropInTests : IDisposable
{
    private const string Bare = "[Unit]\nDescription=kubelet\n[Service]\nExecStart=/usr/bin/kubelet\n";
    private const string UnitPath = "/usr/lib/systemd/system/kubelet.service";
    private const string DropIns = "/etc/systemd/system/kubelet.service.d/";

    private readonly MachineRoot _machine = new();
    private readonly RecordedProcesses _processes = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task It_is_written_once_with_a_dash_and_the_second_time_nothing()
    {
        _machine.Write(UnitPath, Bare);

        Assert.Equal(ProtectionOutcome.Changed, (await RunAsync()).Outcome);

        Assert.EndsWith("\n[Service]\nExecStartPre=-/usr/bin/salvor gate\n", _machine.Read(GateUnitText.FilePath),
            StringComparison.Ordinal);
        var after = _machine.Everything();
        Assert.Equal(ProtectionState.InForce, (await RunAsync()).Look.State);
        Assert.Equal(after, _machine.Everything());
    }

    [Fact]
    public async Task A_program_that_moved_and_another_configuration_are_written_anew()
    {
        _machine.Write(UnitPath, Bare);
        await RunAsync();

        await RunAsync(program: "/opt/my tools/100%/salvor", config: "/etc/salvor/prod.yaml");

        Assert.EndsWith("ExecStartPre=-\"/opt/my tools/100%%/salvor\" gate --config /etc/salvor/prod.yaml\n",
            _machine.Read(GateUnitText.FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removing_deletes_it_as_it_was_written_and_nothing_else()
    {
        _machine.Write(UnitPath, Bare);
        await RunAsync();

        Assert.Equal(ProtectionOutcome.Changed, (await RunAsync(ProtectionAim.Remove)).Outcome);

        Assert.False(_machine.Has(GateUnitText.FilePath));
        Assert.Equal(ProtectionState.InForce, (await RunAsync(ProtectionAim.Remove)).Look.State);
    }

    [Fact]
    public async Task What_somebody_changed_is_left_to_them()
    {
        _machine.Write(UnitPath, Bare);
        await RunAsync();
        _machine.Write(GateUnitText.FilePath, _machine.Read(GateUnitText.FilePath) + "ExecStartPre=-/bin/true\n");

        Assert.Equal(ProtectionState.InForce, (await RunAsync()).Look.State); // The gate runs all the same.
        Assert.Equal(ProtectionState.Refused, (await RunAsync(ProtectionAim.Remove)).Look.State);
        Assert.Equal(ProtectionState.Refused, (await RunAsync(program: "/opt/salvor")).Look.State);
    }

    [Fact]
    public async Task A_later_file_that_takes_it_away_is_told()
    {
        _machine.Write(UnitPath, Bare);
        _machine.Write(DropIns + "90-site.conf", "[Service]\nExecStartPre=\n");

        var result = await RunAsync();

        Assert.Equal(ProtectionState.Refused, result.Look.State);
        Assert.False(_machine.Has(GateUnitText.FilePath));
    }

    [Fact]
    public async Task Without_a_repository_a_kubelet_or_an_installed_salvor_there_is_no_gate()
    {
        Assert.Equal(ProtectionState.NotApplicable, (await RunAsync()).Look.State);
        _machine.Write(UnitPath, Bare);

        Assert.Equal(ProtectionState.NotApplicable, (await RunAsync(hasRepository: false)).Look.State);
        Assert.Equal(ProtectionState.NotApplicable, (await RunAsync(program: null)).Look.State);
        Assert.False(_machine.Has(GateUnitText.FilePath));
    }

    private Task<ProtectionResult> RunAsync(
        ProtectionAim aim = ProtectionAim.Protect, string? program = "/usr/bin/salvor", string? config = null,
        bool hasRepository = true) =>
        MachineRoot.RunAsync(
            new GateDropIn(_machine.Files, _processes, program, config, () => hasRepository), aim);
}
