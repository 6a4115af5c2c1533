using Salvor.Platform;
using Salvor.Readiness.Protect;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Tests.Readiness.Protect.Machine;

public sealed class KubeletUnitTests : IDisposable
{
    private const string Bare = "[Unit]\nDescription=kubelet\n[Service]\nExecStart=/usr/bin/kubelet\n";
    private const string DropIns = "/etc/systemd/system/kubelet.service.d/";

    /// <summary>As the packages of Kubernetes have it, with kubeadm's drop-in below.</summary>
    private const string Packaged = "[Unit]\nWants=network-online.target\n\n[Service]\nExecStart=/usr/bin/kubelet\n"
        + "Restart=always\nStartLimitInterval=0\nRestartSec=10\n\n[Install]\nWantedBy=multi-user.target\n";

    private const string Kubeadm = "# Note: This dropin only works with kubeadm and kubelet v1.11+\n[Service]\n"
        + "Environment=\"KUBELET_KUBECONFIG_ARGS=--kubeconfig=/etc/kubernetes/kubelet.conf\"\nExecStart=\n"
        + "ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS\n";

    private readonly MachineRoot _machine = new();
    private readonly RecordedProcesses _processes = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task What_a_bare_unit_lacks_is_written_and_the_second_time_nothing()
    {
        _machine.Write("/usr/lib/systemd/system/kubelet.service", Bare);

        Assert.Equal(ProtectionOutcome.Changed, (await RunAsync()).Outcome);

        Assert.EndsWith("\n[Unit]\nStartLimitIntervalSec=0\n\n[Service]\nRestart=always\nRestartSec=5\n",
            _machine.Read(KubeletDropIn.FilePath), StringComparison.Ordinal);
        var after = _machine.Everything();
        Assert.Equal(ProtectionState.InForce, (await RunAsync()).Look.State);
        Assert.Equal(after, _machine.Everything());
    }

    [Theory]
    [InlineData("/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf")]
    [InlineData("/etc/systemd/system/kubelet.service.d/10-kubeadm.conf")]
    public async Task A_packaged_unit_has_all_of_it_and_nothing_is_written(string kubeadmsDropIn)
    {
        _machine.Write("/lib/systemd/system/kubelet.service", Packaged);
        _machine.Write(kubeadmsDropIn, Kubeadm);
        var before = _machine.Everything();

        Assert.Equal(ProtectionState.InForce, (await RunAsync()).Look.State);
        Assert.Equal(before, _machine.Everything());
    }

    [Theory]
    [InlineData("Restart=on-failure", "Restart=always")]
    [InlineData("Restart=", "Restart=always")]
    [InlineData("RestartSec=100ms", "RestartSec=5")]
    [InlineData("RestartSec=5min", "RestartSec=5")]
    [InlineData("StartLimitInterval=10", "StartLimitIntervalSec=0")]
    public async Task Only_the_setting_that_somebody_changed_is_written(string theirs, string ours)
    {
        _machine.Write("/lib/systemd/system/kubelet.service", Packaged);
        _machine.Write(DropIns + "10-site.conf", $"[Service]\n{theirs}\n");

        await RunAsync();

        var written = UnitFileText.Read(_machine.Read(KubeletDropIn.FilePath), "").Select(s => $"{s.Key}={s.Value}");
        Assert.Equal([ours], written);
        Assert.Equal(ProtectionState.InForce, (await RunAsync()).Look.State);
    }

    [Fact]
    public async Task A_change_in_the_drop_in_itself_is_changed_back_and_what_else_is_there_stays()
    {
        _machine.Write("/lib/systemd/system/kubelet.service", Bare);
        await RunAsync();
        var own = "# ours\n[Service]\nCPUWeight=200\n";
        var ours = _machine.Read(KubeletDropIn.FilePath);
        _machine.Write(KubeletDropIn.FilePath,
            ours.Replace("Restart=always", "Restart=no", StringComparison.Ordinal) + own);

        await RunAsync();

        Assert.Equal(ours + own, _machine.Read(KubeletDropIn.FilePath));
        var removal = await RunAsync(ProtectionAim.Remove);
        Assert.Equal(ProtectionState.Refused, removal.Look.State);
        Assert.Contains("somebody changed it", removal.Look.Note, StringComparison.Ordinal);
        Assert.True(_machine.Has(KubeletDropIn.FilePath));
    }

    [Fact]
    public async Task Removing_deletes_the_drop_in_as_it_was_written()
    {
        _machine.Write("/lib/systemd/system/kubelet.service", Bare);
        await RunAsync();

        Assert.Equal(ProtectionOutcome.Changed, (await RunAsync(ProtectionAim.Remove)).Outcome);

        Assert.False(_machine.Has(KubeletDropIn.FilePath));
        Assert.Equal(ProtectionState.InForce, (await RunAsync(ProtectionAim.Remove)).Look.State);
    }

    [Fact]
    public async Task A_later_file_that_says_otherwise_is_named_and_nothing_is_written()
    {
        _machine.Write("/lib/systemd/system/kubelet.service", Packaged);
        _machine.Write(DropIns + "90-site.conf", "[Service]\nRestart=no\n");

        var result = await RunAsync();

        Assert.Equal(ProtectionState.Refused, result.Look.State);
        Assert.Contains("90-site.conf comes later and says Restart=no", result.Look.Note, StringComparison.Ordinal);
        Assert.False(_machine.Has(KubeletDropIn.FilePath));
    }

    [Fact]
    public async Task A_drop_in_of_the_same_name_in_etc_hides_that_of_the_package()
    {
        _machine.Write("/lib/systemd/system/kubelet.service", Packaged);
        _machine.Write("/lib/systemd/system/kubelet.service.d/10-site.conf", "[Service]\nRestart=no\n");
        _machine.Write(DropIns + "10-site.conf", "[Service]\nCPUWeight=200\n");

        Assert.Equal(ProtectionState.InForce, (await RunAsync()).Look.State);
    }

    [Theory]
    [InlineData("Kubernetes v1.32.0\n", "WatchdogSec=60")]
    [InlineData("Kubernetes v1.31.14\n", null)]
    [InlineData("Kubernetes v1.20.0-beta.1\n", null)]
    [InlineData("?\n", null)]
    public async Task Only_a_kubelet_that_answers_the_watchdog_gets_one(string version, string? setting)
    {
        _processes.KubeletVersion = version;
        var (look, text) = await OnThisMachineAsync(Packaged);

        Assert.Equal(setting is null ? ProtectionState.InForce : ProtectionState.Differs, look.State);
        Assert.Equal(setting is not null, look.Wanted!.Contains("WatchdogSec=60", StringComparison.Ordinal));
        Assert.Equal(setting is not null, text?.Contains("\nWatchdogSec=60\n", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("/var/lib/kubelet/config.yaml", "featureGates:\n  SystemdWatchdog: false\n")]
    [InlineData("/var/lib/kubelet/config.yaml", "featureGates: {\"SystemdWatchdog\": false}\n")]
    [InlineData("/var/lib/kubelet/kubeadm-flags.env", "ARGS=\"--feature-gates=A=true,SystemdWatchdog=false\"\n")]
    [InlineData("/etc/default/kubelet", "KUBELET_EXTRA_ARGS=--feature-gates=SystemdWatchdog=False\n")]
    public async Task A_kubelet_whose_answers_are_turned_off_gets_no_watchdog(string path, string content)
    {
        _machine.Write(path, content);
        _processes.KubeletVersion = "Kubernetes v1.33.1\n";

        var (look, text) = await OnThisMachineAsync(Packaged);

        Assert.Null(text);
        Assert.EndsWith(
            "turns kubelet's answers to systemd's watchdog off, so it gets none.", look.Note, StringComparison.Ordinal);
        Assert.Contains(path, look.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watchdog_that_an_older_kubelet_would_die_of_is_turned_off()
    {
        _processes.KubeletVersion = "Kubernetes v1.31.0\n";
        var (look, text) = await OnThisMachineAsync(Packaged + "[Service]\nWatchdogSec=30\n");

        Assert.Equal(ProtectionState.Differs, look.State);
        Assert.Contains("\nWatchdogSec=0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Systemd_is_told_once_and_kubelet_is_never_restarted()
    {
        await OnThisMachineAsync(Bare);

        Assert.Single(_processes.Calls, "systemctl daemon-reload");
        Assert.DoesNotContain(_processes.Calls, c => c.Contains("restart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_that_systemd_has_not_read_are_read_without_writing_any()
    {
        _processes.NeedsReload = "yes\n";
        _processes.KubeletVersion = "Kubernetes v1.31.0\n";
        var (look, text) = await OnThisMachineAsync(Packaged);

        Assert.Equal(ProtectionState.Differs, look.State);
        Assert.Null(text);
        Assert.Single(_processes.Calls, "systemctl daemon-reload");
    }

    [Fact]
    public async Task A_reload_that_fails_is_said_plainly()
    {
        _processes.Reload = new ProcessResult(1, "", "Failed to connect to bus\n");
        _machine.Write("/lib/systemd/system/kubelet.service", Bare);
        var run = new ProtectionRun([AsThisMachine()], ProtectionAim.Protect);
        var ct = TestContext.Current.CancellationToken;

        var result = (await run.ChangeAsync(await run.LookAsync(ct), ct))[0];

        Assert.Equal(ProtectionOutcome.Failed, result.Outcome);
        Assert.Contains("(1: Failed to connect to bus)", result.Failure?.Message, StringComparison.Ordinal);
        Assert.True(_machine.Has(KubeletDropIn.FilePath));
    }

    [Theory]
    [InlineData("10", 10.0)]
    [InlineData("1min 30s", 90.0)]
    [InlineData("1min30", 90.0)]
    [InlineData("500ms", 0.5)]
    [InlineData("1.5 h", 5400.0)]
    [InlineData("infinity", null)]
    [InlineData("soon", null)]
    public void Spans_are_read_as_systemd_does(string text, double? seconds) =>
        Assert.Equal(seconds, SystemdTime.Seconds(text));

    private Task<ProtectionResult> RunAsync(ProtectionAim aim = ProtectionAim.Protect) =>
        MachineRoot.RunAsync(new KubeletUnit(_machine.Files, _processes), aim);

    private KubeletUnit AsThisMachine() =>
        new(new NodeFiles(_machine.Files.FileSystem, _machine.Root) { IsThisMachine = true }, _processes);

    /// <summary>Looks and changes as on the machine itself, whose programs answer.</summary>
    private async Task<(ProtectionLook Look, string? DropIn)> OnThisMachineAsync(string unit)
    {
        _machine.Write("/lib/systemd/system/kubelet.service", unit);
        var result = await MachineRoot.RunAsync(AsThisMachine());
        var text = _machine.Has(KubeletDropIn.FilePath) ? _machine.Read(KubeletDropIn.FilePath) : null;
        return (result.Look, text);
    }
}
