using System.Text.Json;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>The published command against real places.</summary>
public sealed class RepoProbeTests(MotoFixture moto) : IClassFixture<MotoFixture>, IDisposable
{
    private readonly TempDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Directory_may_be_used_for_everything_and_is_left_empty()
    {
        var result = await SalvorCommand.RunAsync("repo", "probe", _temporary.FullName, "--output", "json");

        ShouldAllowAll(result);
        var left = Directory.EnumerateFiles(_temporary.FullName, "*", SearchOption.AllDirectories);
        Assert.Equal(["~lock"], left.Select(p => Path.GetFileName(p)));
    }

    [Fact]
    public async Task Missing_directory_is_said_and_not_made()
    {
        var result = await SalvorCommand.RunAsync("repo", "probe", _temporary["not", "mounted"]);

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("mounted", result.Stderr, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_temporary["not"]));
    }

    [Fact]
    public async Task Bucket_may_be_used_for_everything_and_is_left_empty()
    {
        var bucket = await moto.NewBucketAsync();
        var result = await ProbeAsync($"s3://{bucket}/cluster", "--output", "json");

        ShouldAllowAll(result);
        Assert.DoesNotContain("500", moto.Server.Log.Split("HTTP/1.1\" ").Select(s => s[..3]));
    }

    [Fact]
    public async Task Missing_bucket_ends_with_its_sentence()
    {
        var result = await ProbeAsync("s3://no-such-bucket");

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("NoSuchBucket", result.Stderr, StringComparison.Ordinal);
        Assert.Contains("hint: ", result.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://host/path")]
    [InlineData("s3://a")]
    [InlineData("s3://bucket/a b")]
    public async Task Place_that_can_not_be_is_a_usage_error(string location)
    {
        Assert.Equal(2, (await ProbeAsync(location)).ExitCode);
    }

    private Task<ToolResult> ProbeAsync(string location, params string[] more) => SalvorCommand.RunAsync(
        ["repo", "probe", location, "--s3-endpoint", moto.Server.Endpoint.AbsoluteUri, "--s3-path-style", .. more]);

    private static void ShouldAllowAll(ToolResult result)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        var report = JsonDocument.Parse(result.Stdout).RootElement;
        Assert.All(
            report.GetProperty("checks").EnumerateArray(),
            check => Assert.Equal("passed", check.GetProperty("outcome").GetString()));
        Assert.All(
            report.GetProperty("mayBeUsedFor").EnumerateObject(), use => Assert.True(use.Value.GetBoolean()));
        Assert.Equal(0, report.GetProperty("leftBehind").GetArrayLength());
    }
}
