using System.CommandLine;

namespace Salvor.Cli;

/// <summary><c>salvor key</c>: what opens a repository.</summary>
internal static class KeyCommand
{
    public static Command Create(CommandContext context) => new ExampleCommand(
        "key",
        "Look after what opens a repository: its key files and passphrases.",
        "salvor key list --repository s3://backups/prod",
        "salvor key add --repository s3://backups/prod --new-key-file /root/second.key")
    {
        KeyListCommand.Create(context),
        KeyAddCommand.Create(context),
    };
}
