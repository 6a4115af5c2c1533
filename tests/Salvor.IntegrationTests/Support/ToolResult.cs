using System.Text.Json;

namespace Salvor.IntegrationTests.Support;

/// <summary>What a program that has ended said.</summary>
public sealed record ToolResult(string CommandLine, int ExitCode, string Stdout, string Stderr)
{
    /// <summary>Fails the test, with all that the program said, unless it ended with this code.</summary>
    public ToolResult ShouldExitWith(int code)
    {
        Assert.True(ExitCode == code, $"Expected exit code {code} of:\n{this}");
        return this;
    }

    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Stdout);
        return document.RootElement.Clone();
    }

    public override string ToString() =>
        $"{CommandLine}\nexit code {ExitCode}\n--- stdout\n{Stdout}\n--- stderr\n{Stderr}";
}
