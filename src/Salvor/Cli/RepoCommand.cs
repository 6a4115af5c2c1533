using System.CommandLine;

namespace Salvor.Cli;

/// <summary><c>salvor repo</c>: what concerns the place of the backups and not the backups.</summary>
internal static class RepoCommand
{
    public static Command Create(CommandContext context) => new ExampleCommand(
        "repo", "Look after the store that backups are kept in.", "salvor repo probe s3://backups/cluster-1")
    {
        RepoProbeCommand.Create(context),
    };
}
