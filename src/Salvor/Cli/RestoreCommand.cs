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
        var kit = new Option<bool>("--kit")
        {
            Description = "Restore the machine's PKI, manifests and configuration instead of etcd's data. What is "
                + "there and differs is put aside under another name.",
        };
        var kitRoot = new Option<string>("--kit-root")
        {
            Description = "Where the machine's root directory is, or any other directory to look at the kit in.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "/",
        };
        var command = new ExampleCommand(
            "restore",
            "Restore a repository or a snapshot file into a data directory that etcd boots as a new single member.",
            "salvor restore --repository s3://backups/prod --data-dir /var/lib/etcd --quarantine",
            "salvor restore --repository /srv/backup --revision 81234 --data-dir /tmp/etcd",
            "salvor restore --repository s3://backups/prod --kit --dry-run",
            "salvor restore snap.db --data-dir /var/lib/etcd --quarantine",
            "salvor restore snap.db --data-dir /tmp/etcd --name n1 --peer-urls https://10.0.0.5:2380",
            "salvor restore snap.db --data-dir /var/lib/etcd --quarantine --revision-bump 1000000000")
        {
            snapshot,
            skipHash,
            dryRun,
            kit,
            kitRoot,
        };
        target.AddTo(command);
        point.AddTo(command);
        repository.AddTo(command);
        config.AddTo(command);
        command.SetAction((parse, ct) => (parse.GetValue(snapshot), parse.GetValue(kit), parse.GetValue(dryRun)) switch
        {
            ({ } file, _, _) => RunFileAsync(parse, context, file, target, parse.GetValue(skipHash), ct),
            (_, true, var isDryRun) => RunKitAsync(
                parse, context, repository, point, parse.GetRequiredValue(kitRoot), isDryRun, ct),
            (_, _, true) => PlanAsync(parse, context, repository, point, ct),
            _ => RunRepositoryAsync(parse, context, repository, point, target, ct),
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

        RestoreOutput.Write(report, plan: null, context.Terminal, parse.IsJson());
        return ExitCodes.Ok;
    }

    private static async Task<int> RunKitAsync(
        ParseResult parse, CommandContext context, RepositoryOptions repository, RestorePointOptions point,
        string root, bool isDryRun, CancellationToken ct)
    {
        var wanted = point.Read(parse);
        using var opened = await repository.OpenAsync(parse, context, ct);
        var objects = opened.ForObjects(context.Entropy);
        return await RestoreKit.RunAsync(parse, context, objects, wanted, Path.GetFullPath(root), isDryRun, ct);
    }

    private static async Task<int> PlanAsync(
        ParseResult parse, CommandContext context, RepositoryOptions repository, RestorePointOptions point,
        CancellationToken ct)
    {
        var wanted = point.Read(parse);
        using var opened = await repository.OpenAsync(parse, context, ct);
        var plan = await new RestorePlanner(opened.ForObjects(context.Entropy)).PlanAsync(wanted, [], ct);
        RestoreOutput.WritePlan(plan, context.Terminal, parse.IsJson());
        return ExitCodes.Ok;
    }

    private static async Task<int> RunRepositoryAsync(
        ParseResult parse, CommandContext context, RepositoryOptions repository, RestorePointOptions point,
        TargetOptions target, CancellationToken ct)
    {
        var wanted = point.Read(parse);
        var options = target.Read(parse, context, TargetOptions.CustomaryBump);
        using var opened = await repository.OpenAsync(parse, context, ct);
        RepositoryRestoreReport report;
        using (var progress = parse.StartProgress(context))
        {
            var restore = new RepositoryRestore(context.FileSystem, context.CpuPool, context.Time);
            report = await restore.RunAsync(opened.ForObjects(context.Entropy), wanted, options, progress, ct);
        }

        RestoreOutput.Write(report.Restored, report.Plan, context.Terminal, parse.IsJson());
        return ExitCodes.Ok;
    }
}
