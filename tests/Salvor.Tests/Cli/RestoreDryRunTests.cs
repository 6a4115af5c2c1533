using System.Text.Json;
using Salvor.Tests.Support;

namespace Salvor.Tests.Cli;

public sealed class RestoreDryRunTests : IDisposable
{
    private readonly TempDirectory _temporary = new();

    public RestoreDryRunTests() => RepositoryFixture.Version1.Unpack(_temporary["store"], _temporary["key"]);

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task It_says_which_timeline_would_begin_and_begins_none()
    {
        var text = await RunAsync("--data-dir", _temporary["data"], "--new-timeline");
        var json = await RunAsync("--data-dir", _temporary["data"], "--new-timeline", "--output", "json");

        Assert.Equal((0, ""), (text.ExitCode, text.Error));
        Assert.Contains("\n  timeline   3 would begin for the restored cluster\n", text.Out, StringComparison.Ordinal);
        Assert.Equal(3, JsonDocument.Parse(json.Out).RootElement.GetProperty("newTimeline").GetInt32());
        Assert.False(Directory.Exists(Path.Combine(_temporary["store"], "timelines", "00000003")));
        Assert.False(Directory.Exists(_temporary["data"]));
    }

    [Fact]
    public async Task Without_the_option_it_speaks_of_no_new_timeline()
    {
        var text = await RunAsync();
        var json = await RunAsync("--output", "json");

        Assert.Equal(0, text.ExitCode);
        Assert.DoesNotContain("would begin", text.Out, StringComparison.Ordinal);
        Assert.False(JsonDocument.Parse(json.Out).RootElement.TryGetProperty("newTimeline", out _));
    }

    /// <summary>The fixture's second timeline is of the cluster that etcd's defaults make.</summary>
    [Fact]
    public async Task It_refuses_what_the_restore_would_refuse()
    {
        string[] asDefault = ["--data-dir", _temporary["data"], "--new-timeline", "--cluster-token", "etcd-cluster"];
        var plan = await RunAsync(asDefault);
        var restore = await CommandLine.RunAsync(["restore", .. asDefault, .. Repository]);

        Assert.NotEqual(0, plan.ExitCode);
        Assert.Equal((restore.ExitCode, restore.Error), (plan.ExitCode, plan.Error));
        Assert.Contains("as timeline 2 of", plan.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_kit_the_option_is_refused()
    {
        var run = await RunAsync("--kit", "--new-timeline");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--kit restores no etcd", run.Error, StringComparison.Ordinal);
    }

    private string[] Repository => ["--repository", _temporary["store"], "--key-file", _temporary["key"]];

    private Task<CommandLine> RunAsync(params string[] arguments) =>
        CommandLine.RunAsync(["restore", "--dry-run", .. arguments, .. Repository]);
}
