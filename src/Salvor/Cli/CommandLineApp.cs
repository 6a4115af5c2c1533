using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Salvor.Cli;

/// <summary>Parses one command line, runs its command and answers with an exit code, whatever happens.</summary>
internal static class CommandLineApp
{
    private const string DebugVariable = "SALVOR_DEBUG";

    // A path that begins with @ is a path: no file is read and spliced into the command line.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context, CancellationToken ct)
    {
        var parse = new SalvorRootCommand(context).Parse(args, Parsing);
        var showsStackTrace = Environment.GetEnvironmentVariable(DebugVariable) == "1";
        var report = new ErrorReport(context.Terminal, parse.IsJson(), showsStackTrace)
        {
            WritesJsonLines = parse.CommandResult.Command is ExampleCommand { WritesJsonLines: true },
        };
        try
        {
            return await InvokeAsync(parse, context, report, ct);
        }
        catch (Exception e) // The one place below Main that catches everything: a stack trace is no answer to a user.
        {
            return report.Write(e);
        }
        finally
        {
            context.Terminal.Out.Flush();
        }
    }

    private static async Task<int> InvokeAsync(
        ParseResult parse, CommandContext context, ErrorReport report, CancellationToken ct)
    {
        if (parse.Action is ParseErrorAction)
        {
            return report.WriteUsage(FaultsOf(parse), PathOf(parse));
        }

        return await parse.InvokeAsync(
            new InvocationConfiguration
            {
                Output = context.Terminal.Out,
                Error = context.Terminal.Error,
                EnableDefaultExceptionHandler = false,
                // Signals come through the token; clean-up takes the time that it takes.
                ProcessTerminationTimeout = null,
            },
            ct);
    }

    private static IReadOnlyList<string> FaultsOf(ParseResult parse) =>
        parse.UnmatchedTokens is { Count: > 0 } unknown
            ? [$"There is no command, argument or option '{unknown[0]}' here."]
            : [.. parse.Errors.Select(e => e.Message)];

    private static string PathOf(ParseResult parse)
    {
        var names = new Stack<string>();
        for (var result = parse.CommandResult; result is not null; result = result.Parent as CommandResult)
        {
            names.Push(result.Command is RootCommand ? "salvor" : result.Command.Name);
        }

        return string.Join(' ', names);
    }
}
