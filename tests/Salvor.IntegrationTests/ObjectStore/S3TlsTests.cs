using Salvor.IntegrationTests.Repository;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>An endpoint behind TLS whose certificate an own authority signed.</summary>
public sealed class S3TlsTests(MotoFixture moto) : IClassFixture<MotoFixture>, IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task The_right_authority_is_all_that_is_needed_and_the_configuration_remembers_it()
    {
        var bucket = await moto.NewBucketAsync();
        await using var proxy = new StoreProxy(moto.Server.Endpoint, _certificates.Server);
        using var rig = new RepositoryRig(
            $"s3://{bucket}/prod", [.. proxy.Access, "--s3-ca-file", _certificates.Authority]);
        await using var etcd = await EtcdServer.StartAsync("sid");
        await rig.InitAsync();
        await rig.BackupAsync(etcd);
        (await rig.RunAsync(["verify"])).ShouldExitWith(0);

        var list = await SalvorCommand.RunAsync("list", "--config", rig["config.yaml"], "--output", "json");
        Assert.Contains("\"revision\"", list.ShouldExitWith(0).Stdout, StringComparison.Ordinal);
        (await ProbeAsync(proxy, bucket, _certificates.Authority)).ShouldExitWith(0);
    }

    [Fact]
    public async Task A_wrong_one_or_none_is_a_plain_failure_of_tls_before_anything_is_sent()
    {
        var bucket = await moto.NewBucketAsync();
        await using var proxy = new StoreProxy(moto.Server.Endpoint, _certificates.Server);
        ShouldFailPlainly(await ProbeAsync(proxy, bucket, _certificates.OtherAuthority));
        ShouldFailPlainly(await ProbeAsync(proxy, bucket, caFile: null));
        using var rig = new RepositoryRig(
            $"s3://{bucket}/prod", [.. proxy.Access, "--s3-ca-file", _certificates.OtherAuthority]);
        ShouldFailPlainly(await rig.TryInitAsync());

        Assert.Empty(proxy.Requests);
        Assert.Empty(await moto.Server.ListKeysAsync(bucket));
        Assert.False(File.Exists(rig.KeyFile));
    }

    [Fact]
    public async Task An_expired_certificate_is_a_failure_of_tls_too()
    {
        var bucket = await moto.NewBucketAsync();
        await using var proxy = new StoreProxy(moto.Server.Endpoint, _certificates.ExpiredServer);
        ShouldFailPlainly(await ProbeAsync(proxy, bucket, _certificates.Authority));
        Assert.Empty(proxy.Requests);
    }

    [Theory]
    [InlineData("absent.pem", null, 5)]
    [InlineData("words.pem", "These are no certificates.\n", 16)]
    public async Task A_file_without_certificates_is_told_before_anything_is_sent(string name, string? text, int code)
    {
        using var place = new TempDirectory();
        if (text is not null)
        {
            await File.WriteAllTextAsync(place[name], text, TestContext.Current.CancellationToken);
        }

        await using var proxy = new StoreProxy(moto.Server.Endpoint, _certificates.Server);
        var result = (await ProbeAsync(proxy, "bucket", place[name])).ShouldExitWith(code);
        Assert.Contains(name, result.Stdout + result.Stderr, StringComparison.Ordinal);
        Assert.Empty(proxy.Requests);
    }

    private static void ShouldFailPlainly(ToolResult result)
    {
        result.ShouldExitWith(16);
        var said = result.Stdout + result.Stderr;
        Assert.Contains("TLS failed", said, StringComparison.Ordinal);
        Assert.Contains("--s3-ca-file", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    private static Task<ToolResult> ProbeAsync(StoreProxy proxy, string bucket, string? caFile) =>
        SalvorCommand.RunAsync(
            [
                "repo", "probe", $"s3://{bucket}", .. proxy.Access,
                .. (string[])(caFile is null ? [] : ["--s3-ca-file", caFile]),
            ]);
}
