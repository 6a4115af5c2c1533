using Salvor.Errors;
using Salvor.Node;
using Salvor.Platform.Linux;

namespace Salvor.Tests.Node;

public sealed class EtcdManifestTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly LinuxFileSystem _fileSystem = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("1.20", "3.4.13", "new")]
    [InlineData("1.28", "3.5.9", "new")]
    [InlineData("1.31", "3.5.15", "new")]
    [InlineData("1.33", "3.5.21", "existing")]
    [InlineData("1.34", "3.6.4", "new")]
    public void Kubeadms_manifests_of_every_age_are_understood(string kubeadm, string etcd, string state)
    {
        var manifest = Load($"kubeadm-{kubeadm}.yaml");

        Assert.Equal(Version.Parse(etcd), manifest.ImageVersion);
        Assert.Equal("cp-1", manifest.Name);
        Assert.Equal("/var/lib/etcd", manifest.DataDirectory);
        Assert.Null(manifest.WalDirectory);
        Assert.Equal([new Uri("https://10.0.0.5:2380")], manifest.InitialAdvertisePeerUrls);
        Assert.Equal("cp-1=https://10.0.0.5:2380", manifest.InitialCluster);
        Assert.Equal("etcd-cluster", manifest.InitialClusterToken);
        Assert.Equal(state, manifest.InitialClusterState);
        Assert.Equal("/etc/kubernetes/pki/etcd/ca.crt", manifest.TrustedCaFile);
        Assert.Equal("true", manifest.Flags["client-cert-auth"]);
    }

    [Fact]
    public void Kubeadms_defaults_lead_to_the_loopback_endpoint_first()
    {
        var options = Load("kubeadm-1.34.yaml").ToConnectionOptions(_fileSystem);

        Assert.Equal([new Uri("https://127.0.0.1:2379"), new Uri("https://10.0.0.5:2379")], options.Endpoints);
        Assert.Equal("/etc/kubernetes/pki/etcd/ca.crt", options.CaFile);
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void Paths_follow_the_volumes_to_the_host_and_variables_fill_gaps()
    {
        var manifest = Load("moved-volumes.yaml");

        Assert.Equal("/mnt/disk1/etcd", manifest.DataDirectory);
        Assert.Equal("/mnt/disk2/a", manifest.WalDirectory);
        Assert.Equal("from-variable", manifest.Name);
        Assert.Equal("prod", manifest.InitialClusterToken);
        Assert.Equal("true", manifest.Flags["client-cert-auth"]);
        Assert.Null(manifest.ImageVersion);
        Assert.Equal([new Uri("https://127.0.0.1:2379")], manifest.ToConnectionOptions(_fileSystem).Endpoints);
    }

    [Fact]
    public void The_health_check_certificate_is_taken_where_it_is_present()
    {
        foreach (var name in new[] { "healthcheck-client.crt", "healthcheck-client.key" })
        {
            File.WriteAllText(_directory[name], "x");
        }

        var manifest = Load("kubeadm-1.34.yaml") with { TrustedCaFile = _directory["ca.crt"] };

        var options = manifest.ToConnectionOptions(_fileSystem);
        Assert.Equal(_directory["healthcheck-client.crt"], options.ClientCertificateFile);
        var without = manifest with { TrustedCaFile = "/none/ca.crt" };
        Assert.Equal("/etc/kubernetes/pki/etcd/server.crt",
            without.ToConnectionOptions(_fileSystem).ClientCertificateFile);
    }

    [Theory]
    [InlineData("", "holds no mapping")]
    [InlineData("just a word", "holds no mapping")]
    [InlineData("a: [1, 2", "can't be read as YAML")]
    [InlineData("a: 1\na: 2", "can't be read as YAML")]
    [InlineData("a: *nowhere", "can't be read as YAML")]
    [InlineData("kind: Pod\nspec: {containers: [{name: other, command: [sleep]}]}", "no container that runs etcd")]
    [InlineData("kind: Pod\nspec: 7", "no container that runs etcd")]
    public void What_is_no_manifest_of_etcd_is_refused_in_words(string text, string sentence)
    {
        var failure = Assert.Throws<SalvorException>(() => LoadText(text));

        Assert.Equal(ErrorCode.WrongKind, failure.Code);
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_depth_nor_size_can_harm()
    {
        foreach (var text in new[]
        {
            new string('[', 200_000),
            string.Concat(Enumerable.Repeat("- ", 100_000)),
            new string('#', 2_000_000),
        })
        {
            Assert.Equal(ErrorCode.WrongKind, Assert.Throws<SalvorException>(() => LoadText(text)).Code);
        }
    }

    private EtcdManifest Load(string fixture) => EtcdManifest.Load(
        _fileSystem, Path.Combine(RepositoryRoot.FullName, "tests", "Salvor.Tests", "Node", "Fixtures", fixture));

    private EtcdManifest LoadText(string text)
    {
        File.WriteAllText(_directory["etcd.yaml"], text);
        return EtcdManifest.Load(_fileSystem, _directory["etcd.yaml"]);
    }
}
