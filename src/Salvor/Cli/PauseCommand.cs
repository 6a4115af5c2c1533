using System.CommandLine;
using System.Globalization;
using Salvor.Recovery.Shared;

namespace Salvor.Cli;

/// <summary><c>salvor pause</c>: recoveries rest while somebody works on the cluster.</summary>
internal static class PauseCommand
{
    private static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    public static Command Create(CommandContext context)
    {
        var config = new ConfigOption();
        var repository = new RepositoryOptions(config);
        var length = new Option<TimeSpan>("--for")
        {
            Description = "How long, as in 90m or 4h, at most 7 days; it ends by itself.",
            HelpName = "DURATION",
            CustomParser = result => DurationParser.Parse(result),
            DefaultValueFactory = _ => Usual,
        };
        var reason = new Option<string>("--reason")
        {
            Description = "Why, for whoever wonders.",
            HelpName = "TEXT",
            DefaultValueFactory = _ => "no reason was given",
        };
        var command = new ExampleCommand(
            "pause",
            "Let agent and guards begin nothing while you work on the cluster. Backups go on.",
            "salvor pause --for 2h --reason \"a new kernel\"",
            "salvor resume");
        command.Options.Add(length);
        command.Options.Add(reason);
        repository.AddTo(command);
        config.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            var now = context.Time.GetUtcNow();
            var notice = new PauseNotice
            {
                Until = now + parse.GetValue(length),
                Written = now,
                Who = NoticeBoards.Speaker,
                Why = parse.GetValue(reason)!,
            };
            var until = notice.Until.ToString("u", CultureInfo.InvariantCulture);
            await NoticeBoards.Of(parse, context, config, repository).PutAsync(
                (board, inner) => board.PutAsync(notice, inner), $"This machine's agent rests until {until}", ct);
            Write(context, parse.IsJson(), notice, $"Recoveries rest until {until}. salvor resume ends it earlier.");
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary><c>salvor resume</c>: they go on.</summary>
    public static Command CreateResume(CommandContext context)
    {
        var config = new ConfigOption();
        var repository = new RepositoryOptions(config);
        var command = new ExampleCommand("resume", "End a pause: agent and guards go on.", "salvor resume");
        repository.AddTo(command);
        config.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            var notice = PauseNotice.End(context.Time.GetUtcNow(), NoticeBoards.Speaker);
            await NoticeBoards.Of(parse, context, config, repository).PutAsync(
                (board, inner) => board.PutAsync(notice, inner), "This machine's agent goes on", ct);
            Write(context, parse.IsJson(), notice, "Recoveries go on.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Write(CommandContext context, bool isJson, PauseNotice notice, string text)
    {
        if (!isJson)
        {
            context.Terminal.Out.WriteLine(text);
            return;
        }

        context.Terminal.WriteJson(json =>
        {
            json.WriteString("until", notice.Until);
            json.WriteString("who", notice.Who);
            json.WriteString("why", notice.Why);
        });
    }
}
