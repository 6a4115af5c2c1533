using System.CommandLine;
using System.Text;
using Salvor.Backup;
using Salvor.Backup.Streaming;
using Salvor.Configuration;
using Salvor.Daemon;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Metrics;
using Salvor.Node;
using Salvor.Node.Kits;
using Salvor.Platform;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.OnMachine;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Cli;

/// <summary><c>salvor agent</c>: the daemon of a control plane's machine.</summary>
internal static class AgentCommand
{
    internal const string LockFile = "/run/salvor-agent.lock";
    private const int IdBytesMax = 256;

    public static Command Create(CommandContext context)
    {
        var config = new ConfigOption();
        var etcd = new EtcdOptions(config);
        var repository = new RepositoryOptions(config);
        var mode = new ModeOption();
        var command = new ExampleCommand(
            "agent",
            "Stream etcd's changes to the repository, watch this control plane, and mend it where it is told to.",
            "salvor agent",
            "salvor agent --mode automatic",
            "salvor agent --mode automatic --output json");
        command.WritesJsonLines = true;
        mode.AddTo(command);
        repository.AddTo(command);
        config.AddTo(command);
        etcd.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            using var only = context.FileSystem.TryLockOwnFile(LockFile)
                ?? throw new SalvorException(ErrorCode.InUse, "An agent runs on this machine already.")
                {
                    Hint = "systemctl status salvor-agent tells more.",
                };
            var log = new DaemonLog(context.Terminal, context.Time, parse.IsJson());
            var file = config.Load(parse, context);
            using var access = new RepositoryAccess(
                inner => repository.OpenAsync(parse, context, inner), context.Entropy);
            var machine = MachineOf(context, file);
            var options = StreamOptionsOf(parse, context, etcd, file);
            var work = WorkOf(context);
            using var parts = new AgentParts(
                machine, access,
                inner => BackUpAsync(() => etcd.Connect(parse, context), access, options.Kit, work, inner));
            var (risk, backups) = (new ChangesAtRisk(context.Time), new BackupAge(access, context.Time));
            var stream = new AgentStream(
                access, () => etcd.Connect(parse, context), parts.Data, options, work, log, risk, backups);
            var beat = new AgentBeat(
                access, parts.Notices, OwnerOf(context), () => parts.Stamp.ReadOrNull()?.Timeline, context.Entropy,
                context.Time);
            var gate = GateParts.Load(config.PathOf(parse), "/", context);
            var stamps = new StampKeeper(
                machine, parts, (cluster, inner) => gate.TimelineOfAsync(cluster, context, inner));
            var allowed = mode.Read(parse, file.Recovery.ReadMode());
            var cluster = new ClusterMetrics(
                file.Recovery.Guard.Cluster ?? "kubernetes", allowed, AgentCauses.All, context.Time);
            var metrics = new AgentMetrics(
                cluster, risk, backups, () => beat.IsStoreReachable, context.Time.GetUtcNow());
            var daemon = new AgentDaemon(
                machine, parts, stream, beat, stamps, metrics, context.Service, log, allowed);
            log.Say("agent", $"watches {machine.EtcdManifestPath}, mode {allowed}");
            await daemon.RunAsync(file.Metrics.ReadListen(), ct);
            log.Say("agent", "has ended");
            return ExitCodes.Ok;
        });
        return command;
    }

    internal static AgentMachine MachineOf(CommandContext context, SalvorConfig file) =>
        new(context.FileSystem, context.CpuPool, context.Processes, context.Entropy, context.Time)
        {
            EtcdManifestPath = file.Etcd.ManifestFile ?? EtcdManifest.DefaultPath,
        };

    internal static StreamMachine WorkOf(CommandContext context) =>
        new(context.CpuPool, context.Entropy, context.Time) { BackgroundPool = context.BackgroundPool };

    internal static async Task<StepReport> BackUpAsync(
        Func<EtcdConnection> connect, RepositoryAccess access, KitCapture? kit, StreamMachine work,
        CancellationToken ct)
    {
        using var connection = connect();
        var backup = new SnapshotToRepository(work.Pool, work.Entropy, work.Time)
        {
            BackgroundPool = work.BackgroundPool,
        };
        var report = await backup.RunAsync(
            connection, await access.OpenAsync(ct), new SnapshotOptions { Kit = kit }, progress: null, ct);
        return StepReport.Done($"a snapshot of revision {report.Manifest.Revision} is stored");
    }

    private static StreamOptions StreamOptionsOf(
        ParseResult parse, CommandContext context, EtcdOptions etcd, SalvorConfig file)
    {
        var every = file.Snapshots.EveryMinutes;
        return new StreamOptions
        {
            FlushAfter = TimeSpan.FromMilliseconds(file.Log.FlushAfterMs),
            FlushBytes = (int)file.Log.FlushBytes,
            SnapshotEvery = every > 0 ? TimeSpan.FromMinutes(every) : Timeout.InfiniteTimeSpan,
            Spool = StreamCommand.OpenSpool(parse, context, etcd, file.Log),
            Kit = KitOfMachine.Find(parse, context, etcd, file.Kit),
        };
    }

    private static HeartbeatOwner OwnerOf(CommandContext context)
    {
        var name = new string(
            [.. Environment.MachineName.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c is '-')]);
        var machine = IdOf(context.FileSystem, "/etc/machine-id");
        var text = $"agent-{name[..Math.Min(name.Length, 40)]}-{machine[..Math.Min(machine.Length, 8)]}";
        return HolderId.TryParse(text, out var holder)
            ? new HeartbeatOwner(holder, IdOf(context.FileSystem, "/proc/sys/kernel/random/boot_id"), machine)
            : throw new SalvorException(ErrorCode.Failed, $"This machine's name and id make no name: {text}.");
    }

    private static string IdOf(IFileSystem files, string path) =>
        Encoding.ASCII.GetString(SmallFile.TryRead(files, path, IdBytesMax) ?? []).Trim();
}
