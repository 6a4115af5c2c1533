using Salvor.Errors;
using Salvor.Node.Identity;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Recovery.Gate;
using Salvor.Repository;
using Salvor.Tests.Readiness.Protect.Machine;
using Salvor.Tests.Support;

namespace Salvor.Tests.Recovery.Gate;

/// <summary>The gate on a machine's files, with a repository of every kind.</summary>
public sealed class NodeGateTests : IDisposable
{
    private const string HeldPath = "/etc/kubernetes/salvor-held/etcd.yaml";

    /// <summary>For what does not hang: as long as the slowest machine may take.</summary>
    private static readonly GateLimits Ample = new()
    {
        Timeline = TimeSpan.FromMinutes(1),
        Log = TimeSpan.FromMinutes(1),
        Data = TimeSpan.FromMinutes(1),
        Cluster = TimeSpan.FromMinutes(1),
        Record = TimeSpan.FromMinutes(1),
    };

    /// <summary>Not to wait for what hangs for as long as a machine would.</summary>
    private static readonly GateLimits Short = Ample with
    {
        Timeline = TimeSpan.FromSeconds(0.2),
        Record = TimeSpan.FromSeconds(2),
    };

    private readonly MachineRoot _machine = new();
    private readonly RecordedConsole _console = new();

    public NodeGateTests() => _machine.Write(MachineRoot.Manifest, MachineRoot.Fixture("kubeadm-1.34.yaml"));

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task Good_data_of_the_newest_timeline_passes_and_nothing_is_written()
    {
        Unpack();
        await StampAsync(timeline: 1);
        var before = _machine.Everything();

        var report = await RunAsync(new FakeGateRepository { Newest = new TimelineId(1) });

        Assert.Equal((GateDecision.Pass, TimelineState.Ours), (report.Decision, report.Sighting.Facts.Timeline));
        Assert.Equal(before, _machine.Everything());
        Assert.Equal("", _console.Text);
    }

    [Fact]
    public async Task An_empty_directory_of_a_stamped_machine_holds_says_so_and_is_recorded()
    {
        Unpack();
        await StampAsync(timeline: 1);
        Directory.Move(_machine.PathOf("/var/lib/etcd"), _machine.PathOf("/var/lib/elsewhere"));
        var repository = new FakeGateRepository { Newest = new TimelineId(1) };

        var report = await RunAsync(repository);

        Assert.Equal(GateDecision.Hold, report.Decision);
        Assert.Equal(GateConcern.DataMissing, Assert.Single(report.Reasons).Concern);
        Assert.True(_machine.Has(HeldPath));
        Assert.False(_machine.Has(MachineRoot.Manifest));
        Assert.Contains("salvor gate --override", _console.Text, StringComparison.Ordinal);
        Assert.Equal(GateDecision.Hold, Assert.Single(repository.Records).Decision);
        var again = await RunAsync(repository);
        Assert.Equal(GateDecision.Held, again.Decision);
        Assert.Equal(GateConcern.DataMissing, Assert.Single(again.HeldSince!.Reasons).Concern);
    }

    [Fact]
    public async Task A_newer_timeline_of_another_cluster_holds_good_data()
    {
        Unpack();
        await StampAsync(timeline: 1);

        var report = await RunAsync(
            new FakeGateRepository { Newest = new TimelineId(2), Cluster = "00000000000000ff" });

        Assert.Equal(GateDecision.Hold, report.Decision);
        Assert.Equal(GateConcern.TimelineEnded, Assert.Single(report.Reasons).Concern);
    }

    [Fact]
    public async Task A_newer_timeline_whose_cluster_nobody_can_tell_holds_too()
    {
        Unpack();
        await StampAsync(timeline: 1);

        var report = await RunAsync(new FakeGateRepository { Newest = new TimelineId(2) });

        Assert.Equal(GateDecision.Hold, report.Decision);
    }

    [Fact]
    public async Task A_newer_timeline_that_was_begun_for_this_data_passes()
    {
        Unpack();
        var stamp = await StampAsync(timeline: 1);
        var newest = new FakeGateRepository { Newest = new TimelineId(2), Cluster = stamp.ClusterId.PadLeft(16, '0') };

        Assert.Equal(GateDecision.Pass, (await RunAsync(newest)).Decision);

        // A restore that was cut off before it wrote the stamp: the data is the newest timeline's, and not the stamp's.
        new NodeIdentityFile(new LinuxFileSystem(), _machine.Root).Write(stamp with { ClusterId = "abc" });
        Assert.Equal(GateDecision.Pass, (await RunAsync(newest)).Decision);
        var older = new FakeGateRepository { Newest = new TimelineId(1) };
        Assert.Equal(GateDecision.Hold, (await RunAsync(older)).Decision);
    }

    [Fact]
    public async Task A_repository_that_hangs_or_fails_keeps_good_data_down_no_longer_than_its_limit()
    {
        Unpack();
        await StampAsync(timeline: 1);
        var failure = new SalvorException(ErrorCode.StoreUnreachable, "away");
        foreach (var repository in (FakeGateRepository[])[new() { Hangs = true }, new() { Failure = failure }])
        {
            var report = await RunAsync(repository);

            Assert.Equal(GateDecision.Pass, report.Decision);
            Assert.Equal(TimelineState.Unreachable, report.Sighting.Facts.Timeline);
        }
    }

    [Fact]
    public async Task A_hold_does_not_wait_for_a_repository_that_hangs()
    {
        var report = await RunAsync(new FakeGateRepository { Hangs = true });

        Assert.Equal(GateDecision.Hold, report.Decision);
        Assert.Null(report.RecordedAs);
        Assert.True(_machine.Has(HeldPath));
    }

    [Fact]
    public async Task An_emptied_repository_is_never_taken_for_the_truth()
    {
        Unpack();
        await StampAsync(timeline: 3);

        var report = await RunAsync(new FakeGateRepository { Newest = null });

        Assert.Equal((GateDecision.Pass, TimelineState.Lost), (report.Decision, report.Sighting.Facts.Timeline));
    }

    [Fact]
    public async Task An_override_passes_once_and_is_recorded()
    {
        new GateOverride(new LinuxFileSystem(), _machine.Root).Arm("a test");
        var repository = new FakeGateRepository { Newest = new TimelineId(1) };

        var first = await RunAsync(repository);
        var second = await RunAsync(repository);

        Assert.Equal((GateDecision.Report, GateDecision.Hold), (first.Decision, second.Decision));
        Assert.Equal(GateSwitch.OverriddenOnce, repository.Records[0].Switch);
    }

    [Fact]
    public async Task The_kernels_command_line_turns_it_off_for_as_long_as_it_says_so()
    {
        _machine.Write("/proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 salvor.gate=off quiet\n");

        for (var run = 0; run < 2; run++)
        {
            var report = await RunAsync(new FakeGateRepository { Newest = new TimelineId(1) });

            Assert.Equal((GateDecision.Report, GateSwitch.OffByKernel),
                (report.Decision, report.Sighting.Facts.Switch));
            Assert.False(report.Reasons.IsEmpty);
        }

        _machine.Write("/proc/cmdline", "root=/dev/sda1 xsalvor.gate=offline\n");
        var newest = new FakeGateRepository { Newest = new TimelineId(1) };
        Assert.Equal(GateDecision.Hold, (await RunAsync(newest)).Decision);
    }

    [Fact]
    public async Task A_volume_that_is_not_mounted_holds_whatever_lies_below_it()
    {
        Unpack();
        var stamp = await StampAsync(timeline: 1);
        var data = _machine.PathOf("/var/lib/etcd");
        new NodeIdentityFile(new LinuxFileSystem(), _machine.Root).Write(
            stamp with { Mount = new MountIdentity(data, "ext4", null) });

        var report = await RunAsync(new FakeGateRepository { Newest = new TimelineId(1) });

        Assert.Equal(GateConcern.VolumeMissing, Assert.Single(report.Reasons).Concern);
    }

    [Fact]
    public async Task A_copy_of_the_manifest_beside_it_is_held_too_and_other_pods_are_not()
    {
        const string Copy = "/etc/kubernetes/manifests/etcd.yaml.bak";
        const string Other = "/etc/kubernetes/manifests/kube-apiserver.yaml";
        _machine.Write(Copy, MachineRoot.Fixture("kubeadm-1.34.yaml"));
        _machine.Write(Other, "kind: Pod\nspec:\n  containers:\n  - name: kube-apiserver\n");

        await RunAsync(new FakeGateRepository { Newest = new TimelineId(1) });

        Assert.Equal((false, true), (_machine.Has(Copy), _machine.Has(Other)));
        Assert.True(_machine.Has("/etc/kubernetes/salvor-held/etcd.yaml.bak"));
    }

    [Fact]
    public async Task A_worker_and_a_manifest_that_can_not_be_read_are_left_alone()
    {
        _machine.Write(MachineRoot.Manifest, "{ no manifest");
        var unreadable = await RunAsync(new FakeGateRepository());
        File.Delete(_machine.PathOf(MachineRoot.Manifest));
        var worker = await RunAsync(new FakeGateRepository());

        Assert.Equal(GateDecision.NothingToGuard, unreadable.Decision);
        Assert.Equal(GateDecision.NothingToGuard, worker.Decision);
    }

    private void Unpack() => EtcdFixture.All[1].Unpack(_machine.PathOf("/var/lib/etcd"));

    /// <summary>Stamps the machine with what its data says.</summary>
    private async Task<NodeIdentity> StampAsync(int timeline)
    {
        var seen = await RunAsync(repository: null);
        var stamp = new NodeIdentity
        {
            ClusterId = seen.Sighting.Data.ClusterId!,
            MemberId = seen.Sighting.Data.MemberId!,
            Timeline = timeline,
            DataDirectory = "/var/lib/etcd",
            Mount = seen.Sighting.Mount,
            Written = DateTimeOffset.UnixEpoch,
        };
        new NodeIdentityFile(new LinuxFileSystem(), _machine.Root).Write(stamp);
        return stamp;
    }

    private Task<GateReport> RunAsync(IGateRepository? repository)
    {
        var machine = new GateMachine(new LinuxFileSystem(), new ThreadCpuPool(), TimeProvider.System, "node-1",
            _machine.Root, MachineRoot.Manifest);
        var limits = repository is FakeGateRepository { Hangs: true } ? Short : Ample;
        return new NodeGate(machine, repository, _console, limits).RunAsync();
    }
}
