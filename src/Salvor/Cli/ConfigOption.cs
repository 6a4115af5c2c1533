using System.CommandLine;
using Salvor.Configuration;

namespace Salvor.Cli;

/// <summary><c>--config</c>: the one configuration file. The command line comes before what it says.</summary>
internal sealed class ConfigOption
{
    private readonly Option<string?> _file = new("--config")
    {
        Description = $"The configuration file; {SalvorConfig.DefaultPath} where it exists.",
        HelpName = "FILE",
    };

    public void AddTo(Command command) => command.Options.Add(_file);

    /// <summary>The path that was given; null for the default.</summary>
    public string? PathOf(ParseResult parse) => parse.GetValue(_file);

    /// <summary>What the file says; all defaults where none is named and the usual one is not there.</summary>
    public SalvorConfig Load(ParseResult parse, CommandContext context)
    {
        var named = PathOf(parse);
        return named is null && context.FileSystem.Stat(SalvorConfig.DefaultPath) is null
            ? new SalvorConfig()
            : ConfigBinder.Load(context.FileSystem, named ?? SalvorConfig.DefaultPath);
    }
}
