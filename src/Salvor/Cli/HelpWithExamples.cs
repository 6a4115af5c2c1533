using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Salvor.Cli;

/// <summary>The usual help, with examples at its end and, for the root, the exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        if (command is IHasExamples { Examples.Count: > 0 } documented)
        {
            WriteSection(output, "Examples:", documented.Examples);
        }

        if (command is RootCommand)
        {
            WriteSection(output, "Exit codes:", ExitCodes.Documentation);
        }

        return ExitCodes.Ok;
    }

    private static void WriteSection(TextWriter output, string title, IEnumerable<string> lines)
    {
        output.WriteLine(title);
        foreach (var line in lines)
        {
            output.WriteLine($"  {line}");
        }

        output.WriteLine();
    }
}
