using System.Text.Json;

namespace Salvor.Tests.Cli;

public sealed class StreamCommandTests
{
    [Fact]
    public async Task With_json_even_a_failure_at_the_start_is_one_line()
    {
        using var place = new TempDirectory();
        var run = await CommandLine.RunAsync(
            "stream", "--repository", place["none"], "--key-file", place["key"], "--output", "json");
        var mistyped = await CommandLine.RunAsync("stream", "--flush-after", "1", "--output", "json");

        Assert.Equal(run.ExitCode, ErrorOf(run).GetProperty("exitCode").GetInt32());
        Assert.Equal("usage", ErrorOf(mistyped).GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_answers_with_one_object_stays_readable()
    {
        using var place = new TempDirectory();
        var run = await CommandLine.RunAsync(
            "list", "--repository", place["none"], "--key-file", place["key"], "--output", "json");

        Assert.StartsWith("{\n  \"error\": {\n", run.Out, StringComparison.Ordinal);
    }

    private static JsonElement ErrorOf(CommandLine run) => JsonDocument.Parse(Assert.Single(
        run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement.GetProperty("error");
}
