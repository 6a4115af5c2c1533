using System.CommandLine;

namespace Salvor.Cli;

/// <summary>The options that every command takes.</summary>
internal static class GlobalOptions
{
    public static readonly Option<OutputFormat> Output = new("--output")
    {
        Description = "Write the result as text for people, or as one JSON object for programs.",
        HelpName = "text|json",
        Recursive = true,
    };

    public static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "Show no progress.",
        Recursive = true,
    };

    /// <summary>Whether this invocation writes JSON; false where the option itself was mistyped.</summary>
    public static bool IsJson(this ParseResult parse) =>
        parse.GetResult(Output) is { } result && !result.Errors.Any() && parse.GetValue(Output) == OutputFormat.Json;

    /// <summary>A progress line as the options ask for it. Dispose it before the result is written.</summary>
    public static ProgressLine StartProgress(this ParseResult parse, CommandContext context)
    {
        var isShown = !parse.IsJson() && !parse.GetValue(Quiet);
        return new ProgressLine(context.Terminal, context.Time, isShown);
    }
}
