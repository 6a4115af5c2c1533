using System.CommandLine;
using Salvor.Configuration;
using Salvor.Repository.Keeping;

namespace Salvor.Cli;

/// <summary><c>salvor prune</c>: deletes what retention does not keep. Without <c>--yes</c> it only shows it.</summary>
internal static class PruneCommand
{
    public static Command Create(CommandContext context)
    {
        var config = new ConfigOption();
        var repository = new RepositoryOptions(config);
        var yes = new Option<bool>("--yes")
        {
            Description = "Do it: delete what a plan named at least 24 hours ago, and plan what is unneeded since. "
                + "Without it nothing is changed.",
        };
        var command = new ExampleCommand(
            "prune",
            "Show what the retention rules keep and drop, and delete what they drop.",
            "salvor prune --repository s3://backups/prod",
            "salvor prune --repository s3://backups/prod --s3-profile pruner --yes",
            "salvor prune --repository /srv/backup --output json");
        command.Options.Add(yes);
        repository.AddTo(command);
        config.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            var retention = config.Load(parse, context).Retention;
            using var opened = await repository.OpenAsync(parse, context, ct);
            var objects = opened.ForObjects(context.Entropy);
            var verified = new CheckRecords(objects);
            var pruner = new Pruner(objects, verified.ReadVerifiedAsync, context.Entropy, context.Time);
            var report = await pruner.RunAsync(PolicyOf(retention), isDryRun: !parse.GetValue(yes), ct);
            PruneOutput.Write(report, context.Terminal, parse.IsJson());
            return report.MergeFault is { } fault ? ExitCodes.Of(fault) : ExitCodes.Ok;
        });
        return command;
    }

    private static RetentionPolicy PolicyOf(RetentionConfig config) => new()
    {
        KeepLast = config.KeepLast,
        Hourly = config.Hourly,
        Daily = config.Daily,
        Weekly = config.Weekly,
        Monthly = config.Monthly,
        Continuous = TimeSpan.FromHours(config.ContinuousHours),
    };
}
