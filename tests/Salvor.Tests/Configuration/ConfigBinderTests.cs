using System.Text;
using Salvor.Configuration;
using Salvor.Errors;
using Salvor.Recovery.Ladder;
using Salvor.Tests.Support;

namespace Salvor.Tests.Configuration;

public sealed class ConfigBinderTests
{
    [Fact]
    public void Every_key_arrives_where_it_belongs()
    {
        var config = Load("""
            etcd:
              endpoints: [https://127.0.0.1:2379, "https://[::1]:2379"]
              caFile: /pki/ca.crt
              certificateFile: /pki/c.crt
              keyFile: /pki/c.key
              manifestFile: /m/etcd.yaml
              dataDirectory: /var/lib/etcd
            repository:
              location: s3://bucket/a/b
              keyFile: /etc/salvor/repository.key
              s3: {endpoint: "https://s3.example:9000", region: eu-1, pathStyle: true, caFile: /ca, profile: p}
            log: {flushAfterMs: 500, flushBytes: 65536}
            retention: {keepLast: 1, hourly: 2, daily: 3, weekly: 4, monthly: 5, continuousHours: 6}
            recovery:
              mode: automatic
              guard: {name: g-1, cluster: c, endpoint: "https://api:6443", caFile: /ca, cloud: aws, region: eu-1,
                instanceId: i-1, etcdVolume: vol-1, etcdDevice: /dev/sdf, minuteMs: 6000}
            """);

        Assert.Equal(RecoveryMode.Automatic, config.Recovery.ReadMode());
        Assert.Equal(new GuardConfig
        {
            Name = "g-1",
            Cluster = "c",
            Endpoint = "https://api:6443",
            CaFile = "/ca",
            Cloud = "aws",
            Region = "eu-1",
            InstanceId = "i-1",
            EtcdVolume = "vol-1",
            EtcdDevice = "/dev/sdf",
            MinuteMs = 6000,
        }, config.Recovery.Guard);

        Assert.Equal(["https://127.0.0.1:2379", "https://[::1]:2379"], config.Etcd.Endpoints);
        Assert.Equal(("/pki/ca.crt", "/pki/c.crt", "/pki/c.key", "/m/etcd.yaml", "/var/lib/etcd"),
            (config.Etcd.CaFile, config.Etcd.CertificateFile, config.Etcd.KeyFile, config.Etcd.ManifestFile,
                config.Etcd.DataDirectory));
        Assert.Equal(new RepositoryConfig
        {
            Location = "s3://bucket/a/b",
            KeyFile = "/etc/salvor/repository.key",
            S3 = new S3Config
            {
                Endpoint = "https://s3.example:9000",
                Region = "eu-1",
                PathStyle = true,
                CaFile = "/ca",
                Profile = "p",
            },
        }, config.Repository);
        Assert.Equal(new LogConfig
        {
            FlushAfterMs = 500,
            FlushBytes = 65536,
        }, config.Log);
        Assert.Equal(new RetentionConfig
        {
            KeepLast = 1,
            Hourly = 2,
            Daily = 3,
            Weekly = 4,
            Monthly = 5,
            ContinuousHours = 6,
        }, config.Retention);
    }

    [Fact]
    public void What_is_left_out_or_commented_out_is_the_default()
    {
        var config = Load("repository:\nlog:\n  # flushAfterMs: 400\nretention: {}\n");

        Assert.Equal(new RepositoryConfig(), config.Repository);
        Assert.Equal(new LogConfig(), config.Log);
        Assert.Equal(400, config.Log.FlushAfterMs);
        Assert.Empty(config.Validate());
    }

    [Fact]
    public void All_errors_are_shown_at_once_each_with_its_path()
    {
        var e = Assert.Throws<SalvorException>(() => Load("""
            etcd:
              endpoints: https://127.0.0.1:2379
              certificateFile: pki/c.crt
            repository:
              locaton: /srv/backup
              location: ftp://example
              keyFile: ""
              s3: [1]
            log: {flushAfterMs: soon, flushBytes: 99999999999999999999}
            retention: {keepLast: 0, hourly: 5000000000}
            backup: true
            """));

        Assert.Equal(ErrorCode.Usage, e.Code);
        string[] expected =
        [
            "/c has 12 errors:",
            "  etcd.endpoints: must be a list of texts, as in [a, b].",
            "  repository.keyFile: is empty; leave the line out, or give it a value.",
            "  repository.s3: must be a section with keys of its own.",
            "  repository.locaton: is not known here; is it misspelt, or indented wrongly?",
            "  log.flushAfterMs: 'soon' is no whole number.",
            "  log.flushBytes: '99999999999999999999' is no whole number.",
            "  retention.hourly: 5000000000 is far outside of what makes sense.",
            "  backup: is not known here; is it misspelt, or indented wrongly?",
            "  etcd.certificateFile: goes together with keyFile: give both or neither.",
            "  etcd.certificateFile: 'pki/c.crt' is not a path that begins with '/'.",
            "  repository.location: 'ftp://example' is of no kind that salvor knows: a directory's path, or "
                + "s3://BUCKET/PREFIX.",
            "  retention.keepLast: 0 is outside 1..10000.",
        ];
        Assert.Equal(expected, e.Message.Split('\n'));
    }

    [Theory]
    [InlineData("repository: {location: /a, s3: {region: x}}", "repository.s3: is of no use")]
    [InlineData("repository: {location: s3://}", "repository.location: 's3://' names no bucket")]
    [InlineData("repository: {location: s3://b/p}", "repository.location: bucket: 'b' is no bucket's name")]
    [InlineData("repository: {location: 's3://bucket/a b'}", "repository.location: prefix: 'a b'")]
    [InlineData("repository: {location: backup}", "repository.location: 'backup' is neither")]
    [InlineData("repository: {keyFile: /a, passphraseFile: /b}", "can't be given together")]
    [InlineData("repository: {location: s3://bucket, s3: {endpoint: minio}}", "repository.s3.endpoint: 'minio'")]
    [InlineData("repository: {location: s3://bucket, s3: {caFile: /ca}}", "repository.s3.caFile: is of no use")]
    [InlineData("repository: {location: s3://bucket, s3: {pathStyle: yes}}", "'yes' is neither true nor false")]
    [InlineData("etcd: {endpoints: [localhost]}", "etcd.endpoints: 'localhost' is not of the form")]
    [InlineData("etcd: {endpoints: []}", "etcd.endpoints: must be a list")]
    [InlineData("etcd: {endpoints: [{a: b}]}", "etcd.endpoints: must be a list")]
    [InlineData("etcd: [a]", "etcd: must be a section")]
    [InlineData("etcd: yes", "etcd: must be a section")]
    [InlineData("log: {flushAfterMs: [1]}", "log.flushAfterMs: must be a text")]
    [InlineData("recovery: {mode: always}", "recovery.mode: 'always' is none of")]
    [InlineData("recovery: {guard: {name: A B}}", "recovery.guard.name: 'A B' is not of")]
    [InlineData("recovery: {guard: {endpoint: 'http://api'}}", "recovery.guard.endpoint: 'http://api' is not")]
    [InlineData("recovery: {guard: {endpoint: 'https://api/x'}}", "recovery.guard.endpoint: 'https://api/x' is not")]
    [InlineData("recovery: {guard: {cloud: moon}}", "recovery.guard.cloud: 'moon' is not aws")]
    [InlineData("recovery: {guard: {etcdDevice: /dev/sdf}}", "recovery.guard.etcdDevice: is of no use")]
    [InlineData("recovery: {guard: {instanceId: 'i 1'}}", "recovery.guard.instanceId: 'i 1' is not")]
    [InlineData("", "can't be read as YAML")]
    [InlineData("a: 1\na: 2", "can't be read as YAML")]
    [InlineData("[1]: 2", "can't be read as YAML")]
    [InlineData("\t{", "can't be read as YAML")]
    public void What_is_wrong_is_said_in_a_sentence(string yaml, string sentence) => Assert.Contains(
        sentence, Assert.Throws<SalvorException>(() => Load(yaml)).Message, StringComparison.Ordinal);

    private static SalvorConfig Load(string yaml) =>
        ConfigBinder.Load(new MemoryFiles().With("/c", Encoding.UTF8.GetBytes(yaml)), "/c");
}
