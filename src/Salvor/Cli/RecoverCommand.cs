using System.CommandLine;
using System.CommandLine.Parsing;
using Salvor.Daemon;
using Salvor.Errors;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Shared;

namespace Salvor.Cli;

/// <summary><c>salvor recover</c>: a person's word that something is done, by the same engine and journal.</summary>
internal static class RecoverCommand
{
    public static Command Create(CommandContext context)
    {
        var config = new ConfigOption();
        var etcd = new EtcdOptions(config);
        var repository = new RepositoryOptions(config);
        var cause = NameOption<CauseId>("--cause", "What is wrong, as salvor plan or a page names it.", "CAUSE");
        var rung = NameOption<Rung>("--rung", "What is to be done about it.", "RUNG");
        var yes = new Option<bool>("--yes") { Description = "Don't ask before data is replaced or power is switched." };
        var command = new ExampleCommand(
            "recover",
            "Have one thing done about what is wrong, once: by the agent or the guard that watches, or, where no "
                + "agent runs, by this command itself. Without options it shows what salvor plan shows.",
            "salvor recover",
            "salvor recover --cause DataLost --rung RecoverData",
            "salvor recover --cause VolumeDetached --rung ReattachVolume --yes");
        command.WritesJsonLines = true;
        command.Options.Add(cause);
        command.Options.Add(rung);
        command.Options.Add(yes);
        repository.AddTo(command);
        config.AddTo(command);
        etcd.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            if (parse.GetValue(cause) is not { } wrong || parse.GetValue(rung) is not { } deed)
            {
                if (parse.GetValue(cause) is not null || parse.GetValue(rung) is not null || parse.GetValue(yes))
                {
                    throw new SalvorException(ErrorCode.Usage, "What is to be done takes both --cause and --rung.")
                    {
                        Hint = "salvor plan names them.",
                    };
                }

                using var shown = new AgentOnce(parse, context, config, etcd, repository);
                PlanOutput.Write(context.Terminal, await PlanCommand.ForeseeAsync(shown, ct), parse.IsJson());
                return ExitCodes.Ok;
            }

            var rule = RequireRule(wrong, deed);
            await ConfirmAsync(context.Terminal, wrong, rule, parse.GetValue(yes), ct);
            var word = new Approval
            {
                Cause = wrong,
                Rung = deed,
                Written = context.Time.GetUtcNow(),
                Who = NoticeBoards.Speaker,
            };
            var boards = NoticeBoards.Of(parse, context, config, repository);
            if (boards.Machine is null || !IsAgents(wrong))
            {
                await (await boards.Repository(ct)).PutAsync(word, ct);
                new DaemonLog(context.Terminal, context.Time, parse.IsJson()).Say("recover",
                    $"said in the repository: {deed} for {wrong}, within {Approval.HoldsFor.TotalMinutes:0} minutes. "
                        + "salvor status --watch shows what becomes of it.");
                return ExitCodes.Ok;
            }

            using var once = new AgentOnce(parse, context, config, etcd, repository);
            await new RecoveryByHand(once, context, parse.IsJson()).RunAsync(boards, word, ct);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static bool IsAgents(CauseId cause) => AgentCauses.All.Any(one => one.Id == cause);

    private static RungRule RequireRule(CauseId wrong, Rung deed)
    {
        var cause = AgentCauses.All.Concat(GuardCauses.All).First(one => one.Id == wrong);
        if (!cause.Rungs.Contains(deed))
        {
            throw new SalvorException(ErrorCode.Usage, cause.Rungs.IsEmpty
                ? $"Nothing can be done by salvor about {wrong}: {cause.Advice}"
                : $"{deed} is nothing that helps against {wrong}: {string.Join(", ", cause.Rungs)} may.");
        }

        return RungTable.Find(IsAgents(wrong) ? RungTable.Agent : RungTable.Guard, deed);
    }

    private static async Task ConfirmAsync(
        Terminal terminal, CauseId cause, RungRule rule, bool isSaid, CancellationToken ct)
    {
        if (isSaid || rule.Harm < Harm.Data)
        {
            return;
        }

        if (!terminal.CanAsk)
        {
            throw new SalvorException(ErrorCode.Usage, $"{rule.Rung} can do harm: it wants --yes.");
        }

        if (!await terminal.ConfirmAsync($"{rule.Rung} for {cause}: {string.Join(", ", rule.Steps)}. Do it?", ct))
        {
            throw new SalvorException(ErrorCode.Cancelled, "Nothing was done.");
        }
    }

    private static Option<T?> NameOption<T>(string name, string description, string help)
        where T : struct, Enum
    {
        var option = new Option<T?>(name)
        {
            Description = description,
            HelpName = help,
            CustomParser = result => Parse<T>(result, name),
        };
        option.CompletionSources.Add(_ => Enum.GetNames<T>().Select(
            one => new System.CommandLine.Completions.CompletionItem(one)));
        return option;
    }

    private static T? Parse<T>(ArgumentResult result, string name)
        where T : struct, Enum
    {
        if (result.Tokens is [{ Value: { Length: > 0 } text }] && char.IsAsciiLetter(text[0]) && !text.Contains(',')
            && Enum.TryParse<T>(text, ignoreCase: true, out var value))
        {
            return value;
        }

        result.AddError($"{name} is one of {string.Join(", ", Enum.GetNames<T>())}.");
        return null;
    }
}
