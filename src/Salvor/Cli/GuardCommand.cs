using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Salvor.Cloud;
using Salvor.Configuration;
using Salvor.Daemon;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Outside;
using Salvor.Repository;

namespace Salvor.Cli;

/// <summary><c>salvor guard</c>: the daemon that watches control planes from elsewhere.</summary>
internal static class GuardCommand
{
    private const int CertificateBytesMax = 1 << 20;

    public static Command Create(CommandContext context)
    {
        var files = new Option<string[]>("--config")
        {
            Description = $"A configuration file, {SalvorConfig.DefaultPath} by default; once for each cluster.",
            HelpName = "FILE",
        };
        var mode = new ModeOption();
        var command = new ExampleCommand(
            "guard",
            "Watch control planes from another machine, and start, reboot or move them where it is told to.",
            "salvor guard",
            "salvor guard --mode automatic",
            "salvor guard --config /etc/salvor/prod.yaml --config /etc/salvor/test.yaml --output json")
        {
            files,
        };
        command.WritesJsonLines = true;
        mode.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            var log = new DaemonLog(context.Terminal, context.Time, parse.IsJson());
            var paths = parse.GetValue(files) is { Length: > 0 } given ? given : [SalvorConfig.DefaultPath];
            var clusters = new List<WatchedCluster>();
            var listen = new List<IPEndPoint>();
            try
            {
                foreach (var path in paths)
                {
                    var config = ConfigBinder.Load(context.FileSystem, path);
                    listen.AddRange(config.Metrics.ReadListen() is { } place ? [place] : []);
                    clusters.Add(Open(context, path, config, mode.Read(parse, config.Recovery.ReadMode()), log));
                }

                RequireApart(clusters);
                await new GuardDaemon(clusters, context.Service, log, context.Time).RunAsync(OnlyOne(listen), ct);
            }
            finally
            {
                clusters.ForEach(cluster => cluster.Dispose());
            }

            log.Say("guard", "has ended");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static WatchedCluster Open(
        CommandContext context, string path, SalvorConfig config, RecoveryMode mode, DaemonLog log)
    {
        RequireAll(path, config);
        var guard = config.Recovery.Guard;
        var target = new GuardTarget
        {
            Guard = NameOf(guard.Name),
            Cluster = guard.Cluster ?? "kubernetes",
            Endpoint = new Uri(guard.Endpoint!),
            Machine = new MachineId(guard.InstanceId!),
            EtcdVolume = guard.EtcdVolume is { } volume ? new VolumeId(volume) : null,
            EtcdDevice = guard.EtcdDevice,
            Times = new GuardTimes((double)guard.MinuteMs / GuardConfig.MinuteMsDefault),
        };
        var own = log.Of(target.Cluster);
        own.Say("guard", $"{target.Guard} watches {target.Machine} at {guard.Endpoint}, mode {mode}"
            + (target.Times.Scale < 1 ? $"; a rehearsal: a minute is {guard.MinuteMs} ms" : ""));
        var repository = new RepositoryAccess(
            inner => RepositoryOptions.OpenAsync(config.Repository, context, inner), context.Entropy);
        var cloud = new CloudAccess(CloudAccess.OptionsFor(guard.Region), context.Entropy, context.Time);
        return new WatchedCluster(
            target, AuthoritiesOf(context, guard.CaFile), mode, repository, cloud, context.Entropy, context.Time, own);
    }

    private static void RequireAll(string path, SalvorConfig config)
    {
        var guard = config.Recovery.Guard;
        (string Key, string? Value)[] needed =
        [
            ("repository.location", config.Repository.Location),
            ("recovery.guard.endpoint", guard.Endpoint),
            ("recovery.guard.cloud", guard.Cloud),
            ("recovery.guard.instanceId", guard.InstanceId),
        ];
        var missing = needed.Where(one => one.Value is null).Select(one => one.Key).ToList();
        if (missing.Count > 0)
        {
            throw new SalvorException(ErrorCode.Usage, $"{path}: a guard needs {string.Join(", ", missing)}.")
            {
                Hint = "docs/operations/guard.md has a whole file.",
            };
        }
    }

    /// <summary>Two files of one cluster would let the process compete with itself.</summary>
    private static void RequireApart(List<WatchedCluster> clusters)
    {
        if (clusters.GroupBy(cluster => cluster.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new SalvorException(ErrorCode.Usage, $"Two configuration files are of cluster {twice.Key}.")
            {
                Hint = "Set recovery.guard.cluster to each one's own name.",
            };
        }
    }

    /// <summary>A process serves its pages at one place, whichever of its files name it.</summary>
    private static IPEndPoint? OnlyOne(List<IPEndPoint> listen) =>
        listen.Distinct().Count() <= 1
            ? listen.Count == 0 ? null : listen[0]
            : throw new SalvorException(ErrorCode.Usage,
                $"The configuration files name several places to listen at: {string.Join(", ", listen.Distinct())}.")
            {
                Hint = "One guard serves all its clusters at one place: set metrics.listen in one of the files.",
            };

    private static HolderId NameOf(string? configured)
    {
        var machine = new string([.. Environment.MachineName.ToLowerInvariant()
            .Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.').Take(HolderId.LengthMax - 6)]);
        return HolderId.TryParse(configured ?? $"guard-{machine}", out var name)
            ? name
            : throw new SalvorException(ErrorCode.Usage, "This machine's name makes no name for a guard.")
            {
                Hint = "Set recovery.guard.name.",
            };
    }

    private static X509Certificate2Collection AuthoritiesOf(CommandContext context, string? path)
    {
        var found = new X509Certificate2Collection();
        if (path is null)
        {
            return found;
        }

        var content = SmallFile.TryRead(context.FileSystem, path, CertificateBytesMax)
            ?? throw new SalvorException(ErrorCode.NotFound, $"There is no {path}.")
            {
                Hint = "recovery.guard.caFile names it: a copy of the control plane's /etc/kubernetes/pki/ca.crt.",
            };
        try
        {
            found.ImportFromPem(Encoding.UTF8.GetString(content));
        }
        catch (CryptographicException e)
        {
            throw new SalvorException(ErrorCode.WrongKind, $"{path} has no certificate: {e.Message}");
        }

        return found.Count > 0
            ? found
            : throw new SalvorException(ErrorCode.WrongKind, $"{path} has no certificate.");
    }
}
