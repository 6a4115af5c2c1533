using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using static Salvor.Tests.Recovery.OnMachine.Manifests.ManifestMachine;

namespace Salvor.Tests.Recovery.OnMachine.Manifests;

public sealed class StrayManifestTests : IDisposable
{
    private readonly ManifestMachine _scene = new();

    public static TheoryData<string, string, bool> Neighbours => new()
    {
        { "kube-apiserver.yaml.bak", ApiServer, true },
        { "etcd.yaml~", EtcdYaml, true },
        {
            "copy-of-etcd",
            EtcdYaml.Replace("name: etcd\n  namespace", "name: etcd-2\n  namespace", StringComparison.Ordinal), true
        },
        { "other.yaml", Pod("kube-apiserver-2", "    - --secure-port=6443\n"), true },
        { ".etcd.yaml.swp", EtcdYaml, false }, // kubelet reads no hidden file.
        { "vip.yaml", Pod("kube-vip"), false },
        { "second.yaml", Pod("kube-apiserver-2", "    - --secure-port=7443\n"), false },
        {
            "elsewhere.yaml",
            Pod("etcd").Replace("kube-system", "logging", StringComparison.Ordinal)
                .Replace("hostNetwork: true", "hostNetwork: false", StringComparison.Ordinal),
            false
        },
        { "notes.txt", "kube-apiserver: see the wiki", false },
        { "broken.yaml", "{{{", false },
    };

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Neighbours))]
    public void Only_what_is_in_the_control_planes_way_is_a_stray(string name, string text, bool isStray)
    {
        var path = $"{ManifestDirectory}/{name}";
        _scene.Change(path, text);

        var seen = _scene.See()[Sign.StrayManifest];

        Assert.Equal(isStray, seen.Truth == Truth.Yes);
        Assert.Equal(isStray ? path : "", seen.Detail);
        Assert.Equal(StepResult.Done, _scene.Repair().QuarantineStrays().Result);
        Assert.Equal(!isStray, _scene.Machine.Has(path));
        string[] kept = isStray ? [text] : [];
        Assert.Equal(kept, _scene.Machine.Texts(Quarantine));
        Assert.Equal(Truth.No, _scene.See()[Sign.StrayManifest].Truth);
    }

    [Fact]
    public void The_only_good_file_is_no_stray()
    {
        _scene.Change($"{ManifestDirectory}/etcd-renamed.yaml", EtcdYaml);
        _scene.Change(EtcdPath, "cut off");
        Assert.Equal(Truth.No, _scene.See()[Sign.StrayManifest].Truth);

        _scene.Delete(EtcdPath);
        Assert.Equal(Truth.No, _scene.See()[Sign.StrayManifest].Truth);
    }

    [Fact]
    public void One_that_was_made_lately_is_somebodys_work()
    {
        _scene.Change($"{ManifestDirectory}/etcd.yaml.bak", EtcdYaml, TimeSpan.FromMinutes(5));

        Assert.Equal(Truth.Yes, _scene.See()[Sign.ManifestIsSomebodysWork].Truth);
        Assert.Equal(StepResult.Refused, _scene.Repair().QuarantineStrays().Result);
        Assert.True(_scene.Machine.Has($"{ManifestDirectory}/etcd.yaml.bak"));
    }

    [Fact]
    public void Two_of_one_name_are_both_kept()
    {
        for (var i = 0; i < 2; i++)
        {
            _scene.Change($"{ManifestDirectory}/etcd.yaml.bak", EtcdYaml + $"# {i}\n");
            Assert.Equal(StepResult.Done, _scene.Repair().QuarantineStrays().Result);
        }

        Assert.Equal([EtcdYaml + "# 0\n", EtcdYaml + "# 1\n"], _scene.Machine.Texts(Quarantine).Order());
    }
}
