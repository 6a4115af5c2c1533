using System.CommandLine;
using System.CommandLine.Parsing;

namespace Salvor.Cli;

/// <summary>The options that restore a machine's kit instead of etcd's data.</summary>
internal sealed class KitOptions
{
    private readonly Option<bool> _kit = new("--kit")
    {
        Description = "Restore the machine's PKI, manifests and configuration instead of etcd's data. What is there "
            + "and differs is put aside under another name.",
    };

    private readonly Option<string> _root = new("--kit-root")
    {
        Description = "Where the machine's root directory is, or any other directory to look at the kit in.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "/",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_kit);
        command.Options.Add(_root);
    }

    public bool IsWanted(ParseResult parse) => parse.GetValue(_kit);

    public bool IsWanted(CommandResult parse) => parse.GetValue(_kit);

    public string RootOf(ParseResult parse) => Path.GetFullPath(parse.GetRequiredValue(_root));
}
