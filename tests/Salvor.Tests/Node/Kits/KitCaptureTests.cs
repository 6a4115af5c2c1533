using Salvor.Repository.Kits;

namespace Salvor.Tests.Node.Kits;

public sealed class KitCaptureTests : IDisposable
{
    private readonly KitMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_control_plane_machine_gives_its_pki_manifests_and_configuration_and_nothing_of_etcds_data()
    {
        _machine.AddSni();
        var kit = _machine.Capture().Take()!;

        Assert.Empty(kit.Missing);
        Assert.Equal("/etc/kubernetes/manifests", kit.StaticPods);
        Assert.Equal(
            [
                "/etc/encryption", "/etc/encryption/config.yaml", "/etc/kubernetes", "/etc/kubernetes/admin.conf",
                "/etc/kubernetes/manifests", "/etc/kubernetes/manifests/etcd.yaml",
                "/etc/kubernetes/manifests/kube-apiserver.yaml", "/etc/kubernetes/pki", "/etc/kubernetes/pki/ca.crt",
                "/etc/kubernetes/pki/ca.key", "/etc/kubernetes/pki/etcd", "/etc/kubernetes/pki/etcd/ca.crt",
                "/etc/kubernetes/pki/etcd/ca.key", "/etc/kubernetes/pki/etcd/peer.crt",
                "/etc/kubernetes/pki/etcd/peer.key", "/etc/kubernetes/pki/etcd/server.crt",
                "/etc/kubernetes/pki/etcd/server.key", "/etc/kubernetes/pki/sa.key", "/etc/kubernetes/pki/sa.pub",
                "/etc/security/audit.yaml", "/etc/sni", "/etc/sni/tls.crt", "/etc/sni/tls.key",
                "/etc/systemd/system/kubelet.service.d", "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf",
                "/var/lib/kubelet/config.yaml", "/var/lib/kubelet/pki",
                "/var/lib/kubelet/pki/kubelet-client-2026.pem", "/var/lib/kubelet/pki/kubelet-client-current.pem",
            ],
            kit.Entries.Select(e => e.Path));
        Assert.Null(KitRules.FaultOf(kit));
    }

    [Fact]
    public void Modes_owners_contents_and_links_are_what_the_machine_has()
    {
        var kit = _machine.Capture().Take()!;
        var key = kit.Entries.Single(e => e.Path == "/etc/kubernetes/pki/sa.key");
        var link = kit.Entries.Single(e => e.Path.EndsWith("-current.pem", StringComparison.Ordinal));

        Assert.Equal("content of sa.key"u8, key.Content!);
        Assert.Equal((int)KitMachine.Secret, key.Mode);
        Assert.Equal(_machine.Files.Stat(_machine.Root)!.OwnerId, key.Owner);
        Assert.Equal("/var/lib/kubelet/pki/kubelet-client-2026.pem", link.Target);
    }

    [Fact]
    public void A_piece_that_a_manifest_names_and_the_machine_lacks_is_said_with_who_wants_it()
    {
        File.Delete(_machine.Root + "/etc/encryption/config.yaml");
        var kit = _machine.Capture().Take()!;

        Assert.Equal(["/etc/encryption/config.yaml", "/etc/sni/tls.crt", "/etc/sni/tls.key"],
            kit.Missing.Where(m => m.Path.StartsWith("/etc/e", StringComparison.Ordinal)
                || m.Path.StartsWith("/etc/s", StringComparison.Ordinal)).Select(m => m.Path));
        Assert.Equal("kube-apiserver.yaml names it in --encryption-provider-config", kit.Missing
            .Single(m => m.Path == "/etc/encryption/config.yaml").Why);
    }

    [Fact]
    public void The_kubelets_own_directory_of_static_pods_is_the_one_that_counts()
    {
        _machine.Write("/var/lib/kubelet/config.yaml", "staticPodPath: /opt/pods/\ntlsCertFile: /opt/kubelet.crt\n");
        _machine.Write("/opt/pods/etcd.yaml", "spec: {}");
        var kit = _machine.Capture().Take()!;

        Assert.Equal("/opt/pods", kit.StaticPods);
        Assert.Contains("/opt/pods/etcd.yaml", kit.Entries.Select(e => e.Path));
        Assert.Equal([new KitMissing("/opt/kubelet.crt", "/var/lib/kubelet/config.yaml names it")], kit.Missing);
    }

    [Fact]
    public void A_machine_without_static_pods_has_a_kit_only_where_something_is_asked_for()
    {
        Directory.Delete(_machine.Root + "/etc/kubernetes/manifests", recursive: true);

        Assert.Null(_machine.Capture().Take());
        var asked = _machine.Capture("/etc/security", "/etc/gone").Take()!;
        Assert.Contains("/etc/security/audit.yaml", asked.Entries.Select(e => e.Path));
        Assert.Equal([new KitMissing("/etc/gone", "the configuration names it")], asked.Missing);
    }

    [Fact]
    public void What_a_link_leads_to_is_taken_under_its_own_name_and_circles_end()
    {
        _machine.AddSni();
        Directory.Move(_machine.Root + "/etc/kubernetes/pki", _machine.Root + "/mnt-pki");
        _machine.Link("/etc/kubernetes/pki", "../../mnt-pki");
        _machine.Link("/mnt-pki/self", "/etc/kubernetes");
        var kit = _machine.Capture().Take()!;

        Assert.Null(KitRules.FaultOf(kit));
        Assert.Equal("../../mnt-pki", kit.Entries.Single(e => e.Path == "/etc/kubernetes/pki").Target);
        Assert.Contains("/mnt-pki/sa.key", kit.Entries.Select(e => e.Path));
        Assert.DoesNotContain("/etc/kubernetes/pki/sa.key", kit.Entries.Select(e => e.Path));

        _machine.Link("/etc/round", "/etc/about");
        _machine.Link("/etc/about", "/etc/round");
        Assert.Contains(_machine.Capture("/etc/round").Take()!.Missing, m => m.Path == "/etc/round"
            && m.Why.Contains("circle", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_too_large_is_named_and_the_rest_is_taken()
    {
        _machine.Write("/etc/kubernetes/pki/huge", new string('x', KitRules.FileBytesMax + 1));
        var kit = _machine.Capture().Take()!;

        Assert.Contains(kit.Missing, m => m.Path == "/etc/kubernetes/pki/huge");
        Assert.Contains("/etc/kubernetes/pki/sa.key", kit.Entries.Select(e => e.Path));
    }

    [Fact]
    public void Many_large_files_are_taken_up_to_the_bound_of_all_together()
    {
        for (var i = 0; i < 12; i++)
        {
            _machine.Write($"/etc/kubernetes/pki/part-{i:d2}", new string('x', KitRules.FileBytesMax));
        }

        var kit = _machine.Capture().Take()!;

        Assert.InRange(kit.Entries.Sum(e => e.Content?.Length ?? 0), 1, KitRules.ContentBytesMax);
        Assert.Contains(kit.Missing, m => m.Path == "/etc/kubernetes/pki/part-11");
    }

    [Fact]
    public void The_fingerprint_tells_each_change_and_not_the_time()
    {
        var before = _machine.Capture().Fingerprint();
        Assert.Equal(before, _machine.Capture().Fingerprint());

        _machine.Write("/etc/kubernetes/pki/sa.pub", "another key", KitMachine.Secret);
        var changed = _machine.Capture().Fingerprint();
        Assert.NotEqual(before, changed);

        _machine.Files.SetMode(_machine.Root + "/etc/kubernetes/pki/sa.pub", UnixFileMode.UserRead);
        var moded = _machine.Capture().Fingerprint();
        Assert.NotEqual(changed, moded);

        File.Delete(_machine.Root + "/etc/security/audit.yaml");
        Assert.NotEqual(moded, _machine.Capture().Fingerprint());
    }

    [Fact]
    public void A_manifest_that_is_no_yaml_is_taken_as_it_is()
    {
        _machine.Write("/etc/kubernetes/manifests/broken.yaml", "{ [ not yaml");
        var kit = _machine.Capture().Take()!;

        var broken = kit.Entries.Single(e => e.Path.EndsWith("broken.yaml", StringComparison.Ordinal));
        Assert.Equal("{ [ not yaml"u8, broken.Content!);
    }
}
