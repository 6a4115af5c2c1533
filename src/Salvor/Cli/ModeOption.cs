using System.CommandLine;
using System.CommandLine.Parsing;
using Salvor.Recovery.Ladder;

namespace Salvor.Cli;

/// <summary><c>--mode</c>: what a daemon may do by itself.</summary>
internal sealed class ModeOption
{
    private readonly Option<RecoveryMode?> _mode = new("--mode")
    {
        Description = "What may be done: advise only says what would be, approve waits for salvor recover, automatic "
            + "does it.",
        HelpName = "advise|approve|automatic",
        CustomParser = Parse,
    };

    public void AddTo(Command command) => command.Options.Add(_mode);

    public RecoveryMode Read(ParseResult parse) => parse.GetValue(_mode) ?? RecoveryMode.Advise;

    internal static RecoveryMode? Parse(ArgumentResult result)
    {
        if (result.Tokens is [{ Value: { Length: > 0 } text }] && !char.IsDigit(text[0])
            && Enum.TryParse<RecoveryMode>(text, ignoreCase: true, out var mode))
        {
            return mode;
        }

        result.AddError("The mode is advise, approve or automatic.");
        return null;
    }
}
