using System.CommandLine;
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
        CustomParser = result => result.Tokens is [{ Value: var text }]
            && Enum.TryParse<RecoveryMode>(text, ignoreCase: true, out var mode) && !char.IsDigit(text[0])
            ? mode
            : Refuse(result),
    };

    public void AddTo(Command command) => command.Options.Add(_mode);

    public RecoveryMode Read(ParseResult parse) => parse.GetValue(_mode) ?? RecoveryMode.Advise;

    private static RecoveryMode? Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError("--mode is advise, approve or automatic.");
        return null;
    }
}
