using Salvor.Readiness.Protect;
using Salvor.Readiness.Protect.Machine;
using Salvor.Tests.DataDirectory;

namespace Salvor.Tests.Readiness.Protect.Machine;

public sealed class EtcdInterlockTests : IDisposable
{
    private const string Flag = "    - --initial-cluster-state=existing\n";
    private const string Cluster = "    - --initial-cluster=cp-1=https://10.0.0.5:2380\n";
    private const string Volume = "      path: /var/lib/etcd\n      type: DirectoryOrCreate\n";
    private const string GuardedVolume = "      path: /var/lib/etcd\n      type: Directory\n";

    private readonly MachineRoot _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("kubeadm-1.20.yaml")]
    [InlineData("kubeadm-1.28.yaml")]
    [InlineData("kubeadm-1.31.yaml")]
    [InlineData("kubeadm-1.33.yaml")]
    [InlineData("kubeadm-1.34.yaml")]
    [InlineData("kubeadm-1.36.yaml")]
    public async Task Kubeadms_manifests_get_one_line_and_one_word_and_get_them_back(string fixture)
    {
        var before = MachineRoot.Fixture(fixture);
        Given(before);

        var done = await MachineRoot.RunAsync(Interlock());

        Assert.Equal(ProtectionOutcome.Changed, done.Outcome);
        var expected = before.Replace(Volume, GuardedVolume, StringComparison.Ordinal);
        if (!before.Contains(Flag, StringComparison.Ordinal))
        {
            expected = expected.Replace(Cluster, Cluster + Flag, StringComparison.Ordinal);
        }

        Assert.Equal(expected, _machine.Read(MachineRoot.Manifest));
        var after = _machine.Everything();
        Assert.Equal(ProtectionState.InForce, (await MachineRoot.RunAsync(Interlock())).Look.State);
        Assert.Equal(after, _machine.Everything());

        await MachineRoot.RunAsync(Interlock(), ProtectionAim.Remove);
        Assert.Equal(before, _machine.Read(MachineRoot.Manifest));
        var undone = _machine.Everything();
        Assert.Equal(
            ProtectionState.InForce, (await MachineRoot.RunAsync(Interlock(), ProtectionAim.Remove)).Look.State);
        Assert.Equal(undone, _machine.Everything());
    }

    [Theory]
    [InlineData("--initial-cluster-state=existing", "--initial-cluster-state=new")]
    [InlineData("type: Directory\n    name: etcd-data", "type: DirectoryOrCreate\n    name: etcd-data")]
    [InlineData("type: Directory\n    name: etcd-data", "type: \"\"\n    name: etcd-data")]
    public async Task What_was_changed_by_hand_is_changed_back_and_nothing_else(string ours, string theirs)
    {
        Given(MachineRoot.Fixture("kubeadm-1.34.yaml"));
        await MachineRoot.RunAsync(Interlock());
        var guarded = _machine.Read(MachineRoot.Manifest);
        var drifted = guarded.Replace(ours, theirs, StringComparison.Ordinal);
        Assert.NotEqual(guarded, drifted);
        _machine.Write(MachineRoot.Manifest, drifted);

        await MachineRoot.RunAsync(Interlock());

        Assert.Equal(
            guarded.Replace("type: Directory\n    name: etcd-data", "TYPE", StringComparison.Ordinal),
            _machine.Read(MachineRoot.Manifest)
                .Replace("type: \"Directory\"\n    name: etcd-data", "TYPE", StringComparison.Ordinal)
                .Replace("type: Directory\n    name: etcd-data", "TYPE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Removing_leaves_what_kubeadm_or_a_person_wrote()
    {
        Given(MachineRoot.Fixture("kubeadm-1.33.yaml"));
        await MachineRoot.RunAsync(Interlock());

        await MachineRoot.RunAsync(Interlock(), ProtectionAim.Remove);

        Assert.Contains(Flag, _machine.Read(MachineRoot.Manifest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_node_is_left_alone_until_etcd_has_started_once()
    {
        _machine.Write(MachineRoot.Manifest, MachineRoot.Fixture("kubeadm-1.34.yaml"));
        var before = _machine.Everything();

        var result = await MachineRoot.RunAsync(Interlock());

        Assert.Equal(ProtectionState.Refused, result.Look.State);
        Assert.Contains("The data directory is empty", result.Look.Note, StringComparison.Ordinal);
        Assert.Equal(before, _machine.Everything());

        _machine.StartEtcdOnce();
        Assert.Equal(ProtectionOutcome.Changed, (await MachineRoot.RunAsync(Interlock())).Outcome);
    }

    [Fact]
    public async Task Mode_stays_and_nothing_is_left_beside_the_manifest_even_of_a_run_that_was_cut_off()
    {
        Given(MachineRoot.Fixture("kubeadm-1.34.yaml"));
        var path = _machine.PathOf(MachineRoot.Manifest);
        var files = _machine.Files.FileSystem;
        files.SetMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        _machine.Write("/etc/kubernetes/manifests/.etcd.yaml.salvor-new", "half a file");

        await MachineRoot.RunAsync(Interlock());

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, files.Stat(path)?.Mode);
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task A_power_cut_at_any_step_leaves_one_valid_manifest_and_the_next_run_goes_on()
    {
        var before = MachineRoot.Fixture("kubeadm-1.34.yaml");
        var after = before.Replace(Volume, GuardedVolume, StringComparison.Ordinal)
            .Replace(Cluster, Cluster + Flag, StringComparison.Ordinal);
        FaultyFileSystem faulty;
        var cutAt = 0;
        do
        {
            using var machine = new MachineRoot();
            machine.Write(MachineRoot.Manifest, before);
            machine.StartEtcdOnce();
            faulty = new FaultyFileSystem(machine.Files.FileSystem) { CutAt = cutAt++ };
            var files = new NodeFiles(faulty, machine.Root);
            var cut = MachineRoot.RunAsync(
                new EtcdInterlock(files, new ProtectionRecord(files), MachineRoot.Manifest));
            await cut.ContinueWith(_ => { }, TestContext.Current.CancellationToken, default, TaskScheduler.Default);

            Assert.Equal(faulty.WasHit, cut.Exception?.InnerException is PowerCutException);
            Assert.Contains(machine.Read(MachineRoot.Manifest), new[] { before, after });
            // kubelet passes over names that begin with a dot.
            var pods = Directory.EnumerateFiles(machine.PathOf("/etc/kubernetes/manifests")).Select(Path.GetFileName);
            Assert.Equal(["etcd.yaml"], pods.Where(name => !name!.StartsWith('.')));

            var again = new EtcdInterlock(machine.Files, machine.Record, MachineRoot.Manifest);
            await MachineRoot.RunAsync(again);
            Assert.Equal(after, machine.Read(MachineRoot.Manifest));
            await MachineRoot.RunAsync(again, ProtectionAim.Remove);
            Assert.Equal(before, machine.Read(MachineRoot.Manifest));
        }
        while (faulty.WasHit);

        Assert.True(cutAt > 8);
    }

    [Theory]
    [InlineData("cp-1=https://10.0.0.5:2380\n", "cp-1=https://10.0.0.5:2380,cp-2=https://10.0.0.6:2380\n", "2 members")]
    [InlineData("    - etcd\n", "    - /bin/sh\n", "starts etcd through /bin/sh")]
    [InlineData(Cluster, "", "can't be told")]
    [InlineData(Cluster, Cluster + "    - --initial-cluster-state=new\n" + Flag, "more than once")]
    [InlineData(Cluster, Cluster + "    - --config-file=/etc/etcd.yaml\n", "flags mean nothing")]
    [InlineData("    - --data-dir=/var/lib/etcd\n", "    - --data-dir=/var/lib/other\n", "no hostPath volume")]
    [InlineData(Cluster, "    - !!str --initial-cluster=cp-1=https://10.0.0.5:2380\n", "not written in a way")]
    [InlineData("spec:", "spec: [", "can't be read as YAML")]
    public async Task A_shape_that_is_not_understood_is_refused_in_words(string ours, string theirs, string sentence)
    {
        Given(MachineRoot.Fixture("kubeadm-1.34.yaml").Replace(ours, theirs, StringComparison.Ordinal));
        var before = _machine.Read(MachineRoot.Manifest);

        var result = await MachineRoot.RunAsync(Interlock());

        var said = result.Failure?.Message ?? result.Look.Note;
        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.Equal(before, _machine.Read(MachineRoot.Manifest));
    }

    private EtcdInterlock Interlock() => new(_machine.Files, _machine.Record, MachineRoot.Manifest);

    private void Given(string manifest)
    {
        _machine.Write(MachineRoot.Manifest, manifest);
        _machine.StartEtcdOnce();
    }
}
