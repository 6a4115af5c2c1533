using Salvor.Platform.Linux;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using static Salvor.Tests.Recovery.OnMachine.Manifests.ManifestMachine;

namespace Salvor.Tests.Recovery.OnMachine.Manifests;

public sealed class ManifestRepairTests : IDisposable
{
    private static readonly string BadFlag = ApiServer.Replace("6443", "6443\n    - --no-such-flag=1",
        StringComparison.Ordinal);

    private readonly ManifestMachine _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_control_plane_that_is_as_it_was_needs_nothing()
    {
        var seen = _scene.See();

        Assert.Equal(Truth.Yes, seen[Sign.EtcdManifestPresent].Truth);
        Assert.Equal(Truth.Yes, seen[Sign.ApiServerManifestPresent].Truth);
        Assert.All(
            [
                Sign.EtcdManifestHeld, Sign.ManifestDiffers, Sign.ManifestIsSomebodysWork, Sign.StrayManifest,
                Sign.KubeadmRuns,
            ],
            sign => Assert.Equal(Truth.No, seen[sign].Truth));
        var before = _scene.Machine.Names(ManifestDirectory);
        Assert.Equal(StepResult.Done, _scene.Repair().PutBackManifests().Result);
        Assert.Equal(before, _scene.Machine.Names(ManifestDirectory));
        Assert.Empty(_scene.Machine.Texts(Quarantine));
    }

    [Fact]
    public void A_deleted_manifest_comes_back_with_its_mode()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        using var scene = new ManifestMachine(remembers: false);
        new LinuxFileSystem().SetMode(scene.Machine.PathOf(ApiServerPath), Mode);
        scene.Look().RememberGood();
        scene.Delete(ApiServerPath);
        Assert.Equal(Truth.No, scene.See()[Sign.ApiServerManifestPresent].Truth);

        var report = scene.Repair().PutBackManifests();

        Assert.Equal(StepResult.Done, report.Result);
        Assert.Contains(ApiServerPath, report.Detail, StringComparison.Ordinal);
        Assert.Equal(ApiServer, scene.Machine.Read(ApiServerPath));
        Assert.Equal(Mode, new LinuxFileSystem().Stat(scene.Machine.PathOf(ApiServerPath))!.Mode);
        Assert.Equal(StepResult.Done, scene.Repair().PutBackManifests().Result);
    }

    [Theory]
    [InlineData("")]
    [InlineData("apiVersion: v1\nkind: Po")]
    [InlineData("\u0000\u0001 no manifest")]
    public void A_cut_off_manifest_is_replaced_and_kept(string text)
    {
        _scene.Change(EtcdPath, text);
        Assert.Equal(Truth.Yes, _scene.See()[Sign.ManifestDiffers].Truth);

        Assert.Equal(StepResult.Done, _scene.Repair().PutBackManifests().Result);

        Assert.Equal(EtcdYaml, _scene.Machine.Read(EtcdPath));
        Assert.Equal([text], _scene.Machine.Texts(Quarantine));
        Assert.Equal(Truth.No, _scene.See()[Sign.ManifestDiffers].Truth);
    }

    [Fact]
    public void A_manifest_that_is_no_text_is_moved_away_as_it_is()
    {
        byte[] bytes = [0xff, 0xfe, 0x00, 0x80];
        File.WriteAllBytes(_scene.Machine.PathOf(EtcdPath), bytes);
        _scene.Machine.SetAge(EtcdPath, LongAgo);

        Assert.Equal(StepResult.Done, _scene.Repair().PutBackManifests().Result);

        Assert.Equal(EtcdYaml, _scene.Machine.Read(EtcdPath));
        var kept = Assert.Single(Directory.GetFiles(
            _scene.Machine.PathOf(Quarantine), "*", SearchOption.AllDirectories));
        Assert.Equal(bytes, File.ReadAllBytes(kept));
    }

    [Theory]
    [InlineData(-60, StepResult.Refused)] // By a clock that has gone back, when it was can't be told.
    [InlineData(0, StepResult.Refused)]
    [InlineData(14, StepResult.Refused)]
    [InlineData(16, StepResult.Done)]
    public void What_was_changed_lately_is_left_to_whoever_changed_it(int minutesAgo, StepResult expected)
    {
        _scene.Change(ApiServerPath, BadFlag, TimeSpan.FromMinutes(minutesAgo));

        var isWork = _scene.See()[Sign.ManifestIsSomebodysWork];
        Assert.Equal(expected == StepResult.Refused, isWork.Truth == Truth.Yes);
        Assert.Equal(expected, _scene.Repair().PutBackManifests().Result);
        Assert.Equal(expected == StepResult.Done ? ApiServer : BadFlag, _scene.Machine.Read(ApiServerPath));
    }

    [Fact]
    public void A_manifest_that_is_aside_while_the_data_moves_is_not_put_back()
    {
        _scene.Machine.Write("/etc/kubernetes/etcd.yaml.salvor-kept", EtcdYaml, LongAgo);
        _scene.Machine.Delete(EtcdPath);
        _scene.Machine.SetAge(ManifestDirectory, LongAgo);

        Assert.Equal(Truth.Yes, _scene.See()[Sign.ManifestIsSomebodysWork].Truth);
        Assert.Equal(StepResult.Failed, _scene.Repair().PutBackManifests().Result);
        Assert.False(_scene.Machine.Has(EtcdPath));
    }

    [Theory]
    [InlineData(1, StepResult.Failed)]
    [InlineData(3, StepResult.Done)]
    public void What_has_just_gone_gets_a_moment_to_come_back(int minutesAgo, StepResult expected)
    {
        _scene.Machine.Delete(ApiServerPath);
        _scene.Machine.SetAge(ManifestDirectory, TimeSpan.FromMinutes(minutesAgo));

        Assert.Equal(
            expected == StepResult.Failed, _scene.See()[Sign.ManifestIsSomebodysWork].Truth == Truth.Yes);
        Assert.Equal(expected, _scene.Repair().PutBackManifests().Result);
        Assert.Equal(expected == StepResult.Done, _scene.Machine.Has(ApiServerPath));
    }

    [Theory]
    [InlineData("v1.35.0", StepResult.Refused)]
    [InlineData("latest", StepResult.Refused)]
    [InlineData("v1.34.9", StepResult.Done)]
    public void An_upgrade_to_another_minor_version_is_not_taken_back(string version, StepResult expected)
    {
        _scene.Change(ApiServerPath, Pod("kube-apiserver", version: version));

        Assert.Equal(expected, _scene.Repair().PutBackManifests().Result);
        Assert.Equal(expected == StepResult.Done, _scene.Machine.Read(ApiServerPath) == ApiServer);
    }

    [Fact]
    public void Nothing_is_done_while_kubeadm_runs_or_when_nobody_can_tell()
    {
        _scene.Delete(ApiServerPath);
        _scene.Machine.RunProcess(4711, "kubeadm");
        Assert.Equal(Truth.Yes, _scene.See()[Sign.KubeadmRuns].Truth);
        Assert.Equal(StepResult.Refused, _scene.Repair().PutBackManifests().Result);
        Assert.Equal(StepResult.Refused, _scene.Repair().QuarantineStrays().Result);

        Directory.Delete(_scene.Machine.PathOf("/proc"), recursive: true);
        Assert.Equal(Truth.Unknown, _scene.See()[Sign.KubeadmRuns].Truth);
        Assert.Equal(StepResult.Failed, _scene.Repair().PutBackManifests().Result);
        Assert.False(_scene.Machine.Has(ApiServerPath));
    }

    [Fact]
    public void What_is_held_back_is_not_put_back()
    {
        _scene.Change("/etc/kubernetes/salvor-held/etcd.yaml", EtcdYaml);
        _scene.Delete(EtcdPath);
        _scene.Delete(ApiServerPath);
        Assert.Equal(Truth.Yes, _scene.See()[Sign.EtcdManifestHeld].Truth);

        Assert.Equal(StepResult.Done, _scene.Repair().PutBackManifests().Result);

        Assert.False(_scene.Machine.Has(EtcdPath));
        Assert.True(_scene.Machine.Has(ApiServerPath));
    }

    [Fact]
    public void Etcds_is_not_put_back_where_it_would_begin_an_empty_cluster()
    {
        _scene.Delete(EtcdPath);
        Directory.Delete(_scene.Machine.PathOf("/var/lib/etcd"), recursive: true);

        var report = _scene.Repair().PutBackManifests();

        Assert.Equal(StepResult.Refused, report.Result);
        Assert.Contains("empty cluster", report.Detail, StringComparison.Ordinal);
        Assert.False(_scene.Machine.Has(EtcdPath));
    }

    [Fact]
    public void An_emptied_directory_gets_all_of_them_and_a_lone_scheduler_is_its_owners_matter()
    {
        var scheduler = $"{ManifestDirectory}/kube-scheduler.yaml";
        _scene.Delete(scheduler);
        Assert.Equal(StepResult.Done, _scene.Repair().PutBackManifests().Result);
        Assert.False(_scene.Machine.Has(scheduler));

        Directory.Delete(_scene.Machine.PathOf(ManifestDirectory), recursive: true);
        _scene.Machine.SetAge("/etc/kubernetes", LongAgo);
        Assert.Equal(StepResult.Done, _scene.Repair().PutBackManifests().Result);
        Assert.Equal(
            ["etcd.yaml", "kube-apiserver.yaml", "kube-controller-manager.yaml", "kube-scheduler.yaml"],
            _scene.Machine.Names(ManifestDirectory));
    }

    [Fact]
    public void A_changed_scheduler_does_not_explain_an_API_that_is_down()
    {
        _scene.Change($"{ManifestDirectory}/kube-scheduler.yaml", Pod("kube-scheduler", "    - --v=4\n"));
        _scene.Change(ApiServerPath, BadFlag);

        Assert.Equal(ApiServerPath, _scene.See()[Sign.ManifestDiffers].Detail);
        Assert.Equal(StepResult.Done, _scene.Repair().PutBackManifests().Result);
        var scheduler = _scene.Machine.Read($"{ManifestDirectory}/kube-scheduler.yaml");
        Assert.Contains("--v=4", scheduler, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_manifest_that_worked_a_person_is_sent_to_the_kit()
    {
        using var scene = new ManifestMachine(remembers: false);
        Assert.Equal(Truth.Unknown, scene.See()[Sign.ManifestDiffers].Truth);
        scene.Delete(ApiServerPath);

        var report = scene.Repair().PutBackManifests();

        Assert.Equal(StepResult.Refused, report.Result);
        Assert.Contains("salvor restore --kit", report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_behind_a_link_is_not_replaced_by_a_file()
    {
        _scene.Machine.Delete(ApiServerPath);
        _scene.Machine.Write("/srv/apiserver.yaml", BadFlag, LongAgo);
        File.CreateSymbolicLink(
            _scene.Machine.PathOf(ApiServerPath), _scene.Machine.PathOf("/srv/apiserver.yaml"));

        Assert.Throws<Errors.SalvorException>(() => _scene.Repair().PutBackManifests());
        Assert.Equal(BadFlag, _scene.Machine.Read(ApiServerPath));
    }
}
