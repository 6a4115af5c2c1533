using System.Text;
using Salvor.Configuration;
using Salvor.Tests.Support;

namespace Salvor.Tests.Configuration;

public sealed class ConfigTextTests
{
    private static readonly SalvorConfig Sample = new()
    {
        Etcd = new EtcdConfig
        {
            ManifestFile = "/etc/kubernetes/manifests/etcd.yaml",
            Endpoints = ["https://127.0.0.1:2379", "https://10.0.0.5:2379"],
            CaFile = "/etc/kubernetes/pki/etcd/ca.crt",
            CertificateFile = "/etc/kubernetes/pki/etcd/healthcheck-client.crt",
            KeyFile = "/etc/kubernetes/pki/etcd/healthcheck-client.key",
            DataDirectory = "/var/lib/etcd",
        },
        Repository = new RepositoryConfig
        {
            Location = "s3://backups/cluster-1",
            KeyFile = "/etc/salvor/repository.key",
            S3 = new S3Config { Endpoint = "https://s3.example.org", PathStyle = true },
        },
    };

    [Fact]
    public void Written_file_reads_as_agreed()
    {
        Cli.Golden.Matches("Configuration/Golden/config.yaml", ConfigText.Of(Sample));
        Cli.Golden.Matches("Configuration/Golden/config-nothing-found.yaml", ConfigText.Of(new SalvorConfig
        {
            Repository = new RepositoryConfig { Location = "/srv/backup", PassphraseFile = "/etc/salvor/passphrase" },
        }));
    }

    [Theory]
    [InlineData("/srv/backup")]
    [InlineData("/srv/a \"b\" \\ : # 'c'\ttab")]
    [InlineData("/srv/Käse 日本 😀")]
    [InlineData("/srv/\u0001\u007f\u2028")]
    public void What_is_written_reads_back(string location)
    {
        var config = new SalvorConfig
        {
            Etcd = Sample.Etcd,
            Repository = new RepositoryConfig { Location = location, PassphraseFile = location },
        };

        var read = Read(ConfigText.Of(config));
        Assert.Equal(config.Repository, read.Repository);
        Assert.Equal(config.Etcd.Endpoints, read.Etcd.Endpoints);
        Assert.Equal(config.Etcd, read.Etcd with { Endpoints = config.Etcd.Endpoints });
        Assert.Equal(Sample.Repository, Read(ConfigText.Of(Sample)).Repository);
    }

    [Fact]
    public void The_lines_that_are_commented_out_are_right_once_they_are_not()
    {
        var lines = ConfigText.Of(new SalvorConfig { Repository = new RepositoryConfig { Location = "s3://bucket" } })
            .Split('\n')
            .Where(l => l.Contains(':', StringComparison.Ordinal) && !l.StartsWith("# What", StringComparison.Ordinal))
            .Select(l => l.StartsWith("# ", StringComparison.Ordinal)
                ? l[2..] // Its own comment, if it has one, stays one.
                : l.Replace("# ", "", StringComparison.Ordinal));

        var read = Read(string.Join('\n', lines));
        Assert.Equal("/var/lib/etcd", read.Etcd.DataDirectory);
        Assert.Equal(new RetentionConfig(), read.Retention);
        Assert.True(read.Repository.S3.PathStyle);
    }

    private static SalvorConfig Read(string text) =>
        ConfigBinder.Load(new MemoryFiles().With("/c", Encoding.UTF8.GetBytes(text)), "/c");
}
