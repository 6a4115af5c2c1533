using System.CommandLine;
using Salvor.Restore;
using Salvor.Restore.FromRepository;

namespace Salvor.Cli;

/// <summary><c>salvor restore</c>: a repository or a snapshot file becomes a data directory that etcd boots.</summary>
internal static class RestoreCommand
{
    public static Command Create(CommandContext context)
    {
        var snapshot = new Argument<string?>("SNAPSHOT")
        {
            Description = "The snapshot file, as salvor backup or etcdctl snapshot save wrote it; without one, the "
                + "repository is restored.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var config = new ConfigOption();
        var repository = new RepositoryOptions(config);
        var point = new RestorePointOptions();
        var target = new TargetOptions(config);
        var skipHash = new Option<bool>("--skip-hash-check")
        {
            Description = "Accept a file without a stored hash, such as a copied member/snap/db; "
                + "all of it is checked first.",
        };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Only say what would be read out of the repository, and what would come of it.",
        };
        var kit = new KitOptions();
        var newTimeline = new Option<bool>("--new-timeline")
        {
            Description = "Begin a new timeline in the repository for the restored etcd, so that salvor stream and "
                + "salvor backup go on with it as they are.",
        };
        var command = new ExampleCommand(
            "restore",
            "Restore a repository or a snapshot file into a data directory that etcd boots as a new single member.",
            "salvor restore --repository s3://backups/prod --data-dir /var/lib/etcd --quarantine --new-timeline",
            "salvor restore --repository /srv/backup --revision 81234 --data-dir /tmp/etcd",
            "salvor restore --repository s3://backups/prod --kit --dry-run",
            "salvor restore snap.db --data-dir /var/lib/etcd --quarantine",
            "salvor restore snap.db --data-dir /tmp/etcd --name n1 --peer-urls https://10.0.0.5:2380",
            "salvor restore snap.db --data-dir /var/lib/etcd --quarantine --revision-bump 1000000000")
        {
            snapshot,
            skipHash,
            dryRun,
            newTimeline,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(snapshot) is not null && (result.GetValue(newTimeline) || kit.IsWanted(result)))
            {
                result.AddError("--new-timeline and --kit are a repository's, and a snapshot file is of none.");
            }
            else if (result.GetValue(newTimeline) && kit.IsWanted(result))
            {
                result.AddError("--kit restores no etcd, so --new-timeline has none to begin a timeline for.");
            }
        });
        kit.AddTo(command);
        target.AddTo(command);
        point.AddTo(command);
        repository.AddTo(command);
        config.AddTo(command);
        command.SetAction((parse, ct) => (parse.GetValue(snapshot), kit.IsWanted(parse), parse.GetValue(dryRun)) switch
        {
            ({ } file, _, _) => RunFileAsync(parse, context, file, target, parse.GetValue(skipHash), ct),
            (_, true, var isDryRun) => RunKitAsync(
                parse, context, repository, point, kit.RootOf(parse), isDryRun, ct),
            (_, _, true) => PlanAsync(
                parse, context, repository, point, target, parse.GetValue(newTimeline), ct),
            _ => RunRepositoryAsync(parse, context, repository, point, target, parse.GetValue(newTimeline), ct),
        });
        return command;
    }

    private static async Task<int> RunFileAsync(
        ParseResult parse, CommandContext context, string file, TargetOptions target, bool skipsHash,
        CancellationToken ct)
    {
        var options = target.Read(parse, context) with { SkipsHashCheck = skipsHash };
        RestoreReport report;
        using (var progress = parse.StartProgress(context))
        {
            var restore = new SnapshotRestore(context.FileSystem, context.CpuPool, context.Time);
            report = await restore.RunAsync(file, options, progress, ct);
        }

        RestoredStamp.Renew(context, options.DataDirectory, report.Cluster, report.Member.Id, timeline: null);
        RestoreOutput.Write(report, plan: null, after: null, context.Terminal, parse.IsJson());
        return ExitCodes.Ok;
    }

    private static async Task<int> RunKitAsync(
        ParseResult parse, CommandContext context, RepositoryOptions repository, RestorePointOptions point,
        string root, bool isDryRun, CancellationToken ct)
    {
        var wanted = point.Read(parse);
        using var opened = await repository.OpenAsync(parse, context, ct);
        var objects = opened.ForObjects(context.Entropy);
        return await RestoreKit.RunAsync(parse, context, objects, wanted, root, isDryRun, ct);
    }

    private static async Task<int> PlanAsync(
        ParseResult parse, CommandContext context, RepositoryOptions repository, RestorePointOptions point,
        TargetOptions target, bool beginsTimeline, CancellationToken ct)
    {
        var wanted = point.Read(parse);
        var options = beginsTimeline ? target.Read(parse, context, TargetOptions.CustomaryBump) : null;
        using var opened = await repository.OpenAsync(parse, context, ct);
        var objects = opened.ForObjects(context.Entropy);
        var next = options is null ? null : await NextTimeline.ChooseAsync(objects, options, context.Time, ct);
        var plan = await new RestorePlanner(objects).PlanAsync(wanted, [], ct);
        RestoreOutput.WritePlan(plan, next?.Timeline, context.Terminal, parse.IsJson());
        return ExitCodes.Ok;
    }

    private static async Task<int> RunRepositoryAsync(
        ParseResult parse, CommandContext context, RepositoryOptions repository, RestorePointOptions point,
        TargetOptions target, bool beginsTimeline, CancellationToken ct)
    {
        var wanted = point.Read(parse);
        var options = target.Read(parse, context, TargetOptions.CustomaryBump);
        var isOwnDirectory = target.IsOwnDirectory(options, parse, context);
        using var opened = await repository.OpenAsync(parse, context, ct);
        var objects = opened.ForObjects(context.Entropy);
        var next = beginsTimeline ? await NextTimeline.ChooseAsync(objects, options, context.Time, ct) : null;
        RepositoryRestoreReport report;
        using (var progress = parse.StartProgress(context))
        {
            var restore = new RepositoryRestore(context.FileSystem, context.CpuPool, context.Time);
            report = await restore.RunAsync(objects, wanted, options, progress, ct);
        }

        var after = new AfterRestore(next is null ? null : await next.BeginAsync(report, ct), isOwnDirectory);
        var begun = after.IsWhole ? after.Timeline?.Timeline : null;
        RestoredStamp.Renew(
            context, options.DataDirectory, report.Restored.Cluster, report.Restored.Member.Id, begun);
        RestoreOutput.Write(report.Restored, report.Plan, after, context.Terminal, parse.IsJson());
        return after.IsWhole ? ExitCodes.Ok : ExitCodes.Partial;
    }
}
