using System.Collections.Immutable;
using System.CommandLine;
using Salvor.Errors;
using Salvor.Readiness.Protect;

namespace Salvor.Cli;

/// <summary><c>salvor protect</c>: shows what is missing of a machine's protection, and then sees to it.</summary>
internal static class ProtectCommand
{
    public static Command Create(CommandContext context)
    {
        var check = new Option<bool>("--check")
        {
            Description = "Only look: change nothing, and exit with 22 when something differs.",
        };
        var remove = new Option<bool>("--remove")
        {
            Description = "Undo what protect changed, and only that.",
        };
        var yes = new Option<bool>("--yes", "-y")
        {
            Description = "Change what differs without a question.",
        };
        var policy = new PolicyOptions();
        var node = new NodeProtectionOptions();
        var cloud = new CloudProtectionOptions();
        var command = new ExampleCommand(
            "protect",
            "Show what keeps etcd from booting empty and kubelet from staying down, and set up what is missing.",
            "salvor protect",
            "salvor protect --check --output json",
            "salvor protect --yes",
            "salvor protect --cloud aws --cluster prod",
            "salvor protect --endpoint api.example.com",
            "salvor protect --etcd-volume /dev/nvme1n1",
            "salvor protect --cloud aws --etcd-volume new",
            "salvor protect --remove",
            "salvor protect --print-policy agent --policy-repository s3://backups/prod --policy-region eu-central-1 "
                + "--policy-account 123456789012")
        {
            check,
            remove,
            yes,
        };
        policy.AddTo(command);
        node.AddTo(command);
        cloud.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            if (policy.TryPrint(parse, context.Terminal))
            {
                return ExitCodes.Ok;
            }

            var aim = parse.GetValue(remove) ? ProtectionAim.Remove : ProtectionAim.Protect;
            using var inCloud = cloud.Read(parse, context);
            var run = new ProtectionRun([.. node.Read(parse, aim, inCloud, context), .. inCloud.Items], aim);
            var results = await run.LookAsync(ct);
            var isShown = false;
            if (!parse.GetValue(check) && results.Any(r => r.IsDue))
            {
                if (!parse.GetValue(yes))
                {
                    isShown = await ConfirmAsync(parse, context.Terminal, results, aim, ct);
                }

                results = await run.ChangeAsync(results, ct);
            }

            ProtectOutput.Write(results, aim, context.Terminal, parse.IsJson(), isShown);
            return ProtectOutput.ExitCodeOf(results);
        });
        return command;
    }

    /// <summary>Shows what differs and asks. Whoever can't be asked must have said it before.</summary>
    private static async Task<bool> ConfirmAsync(
        ParseResult parse, Terminal terminal, ImmutableArray<ProtectionResult> results, ProtectionAim aim,
        CancellationToken ct)
    {
        var due = results.Count(r => r.IsDue);
        if (parse.IsJson() || !terminal.CanAsk)
        {
            throw new SalvorException(ErrorCode.Usage, $"{due} of the protections differ, and nobody can be asked.")
            {
                Hint = "Give --check to see them, or --yes to change them.",
            };
        }

        ProtectOutput.Write(results, aim, terminal, isJson: false, isShown: false);
        await terminal.Out.FlushAsync(ct);
        return await terminal.ConfirmAsync($"Change {(due == 1 ? "this one" : $"these {due}")}?", ct)
            ? true
            : throw new SalvorException(ErrorCode.Cancelled, "Nothing was changed.");
    }
}
