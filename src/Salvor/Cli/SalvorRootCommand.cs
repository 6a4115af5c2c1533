using System.CommandLine;
using System.CommandLine.Help;

namespace Salvor.Cli;

/// <summary>The command line's root: the global options, and one line here for every command.</summary>
internal sealed class SalvorRootCommand : RootCommand, IHasExamples
{
    private const string About =
        "Keeps a single-node Kubernetes control plane recoverable: backs up, checks, restores and salvages its etcd.";

    public SalvorRootCommand(CommandContext context)
        : base(About)
    {
        Options.Add(GlobalOptions.Output);
        Options.Add(GlobalOptions.Quiet);
        Subcommands.Add(InitCommand.Create(context));
        Subcommands.Add(BackupCommand.Create(context));
        Subcommands.Add(ListCommand.Create(context));
        Subcommands.Add(ShowCommand.Create(context));
        Subcommands.Add(StreamCommand.Create(context));
        Subcommands.Add(StatusCommand.Create(context));
        Subcommands.Add(InspectCommand.Create(context));
        Subcommands.Add(VerifyCommand.Create(context));
        Subcommands.Add(RestoreCommand.Create(context));
        Subcommands.Add(ExportCommand.Create(context));
        Subcommands.Add(SalvageCommand.Create(context));
        Subcommands.Add(PruneCommand.Create(context));
        Subcommands.Add(ProtectCommand.Create(context));
        Subcommands.Add(GateCommand.Create(context));
        Subcommands.Add(AgentCommand.Create(context));
        Subcommands.Add(GuardCommand.Create(context));
        Subcommands.Add(PlanCommand.Create(context));
        Subcommands.Add(RecoverCommand.Create(context));
        Subcommands.Add(PauseCommand.Create(context));
        Subcommands.Add(PauseCommand.CreateResume(context));
        Subcommands.Add(KeyCommand.Create(context));
        Subcommands.Add(RepoCommand.Create(context));
        Subcommands.Add(VersionCommand.Create(context));
        Subcommands.Add(CompletionCommand.Create(context));
        CustomizeBuiltIns(context);
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "salvor backup --to-file snap.db",
    ];

    private void CustomizeBuiltIns(CommandContext context)
    {
        // The usual help option also answers to /h and /?, which are paths here.
        Options.Remove(Options.OfType<HelpOption>().Single());
        var usualHelp = new HelpAction { MaxWidth = context.Terminal.WidthColumns };
        Options.Add(new HelpOption("--help", "-h")
        {
            Action = new HelpWithExamples(usualHelp),
            Description = "Show help and examples.",
        });
        var version = Options.OfType<VersionOption>().Single();
        version.Action = new VersionAction(context);
        version.Description = "Show the version.";
    }
}
