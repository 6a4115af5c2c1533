using System.CommandLine;
using System.CommandLine.Invocation;

namespace Salvor.Cli;

/// <summary>What --version does: the same as the version command.</summary>
internal sealed class VersionAction(CommandContext context) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult) => VersionCommand.Write(context, parseResult.IsJson());
}
