namespace Salvor.Tests.Cli;

public sealed class HelpTests
{
    private static readonly string[] Commands =
    [
        "version", "completion", "init", "backup", "list", "stream", "status", "inspect", "verify", "restore",
        "salvage", "protect", "gate", "agent", "guard", "plan", "recover", "pause", "resume", "key list", "key add",
        "repo probe",
    ];

    [Theory]
    [InlineData("salvor")]
    [InlineData("salvor version")]
    [InlineData("salvor completion")]
    [InlineData("salvor init")]
    [InlineData("salvor backup")]
    [InlineData("salvor list")]
    [InlineData("salvor show")]
    [InlineData("salvor export")]
    [InlineData("salvor stream")]
    [InlineData("salvor status")]
    [InlineData("salvor inspect")]
    [InlineData("salvor verify")]
    [InlineData("salvor restore")]
    [InlineData("salvor salvage")]
    [InlineData("salvor protect")]
    [InlineData("salvor gate")]
    [InlineData("salvor plan")]
    [InlineData("salvor recover")]
    [InlineData("salvor pause")]
    [InlineData("salvor resume")]
    [InlineData("salvor key")]
    [InlineData("salvor key list")]
    [InlineData("salvor key add")]
    [InlineData("salvor repo")]
    [InlineData("salvor repo probe")]
    public async Task Help_reads_as_agreed(string command)
    {
        var run = await CommandLine.RunAsync([.. command.Split(' ').Skip(1), "--help"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Golden.Matches($"Cli/Golden/help-{command.Replace(' ', '-')}.txt", run.Out);
    }

    [Fact]
    public async Task Help_of_every_command_shows_examples()
    {
        foreach (var command in Commands)
        {
            var run = await CommandLine.RunAsync([.. command.Split(' '), "--help"]);
            Assert.Contains("Examples:", run.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Version_is_one_line_and_json_on_request()
    {
        var text = await CommandLine.RunAsync("--version");
        var json = await CommandLine.RunAsync("version", "--output", "json");

        Assert.StartsWith("salvor ", text.Out, StringComparison.Ordinal);
        Assert.Contains("\"version\": ", json.Out, StringComparison.Ordinal);
    }
}
