using System.Net;
using Salvor.Cli;
using Salvor.Metrics;
using Salvor.Platform;
using Salvor.Web;

namespace Salvor.Daemon;

/// <summary>Runs the guards of several clusters, and tells systemd how they are.</summary>
internal sealed class GuardDaemon(
    IReadOnlyList<WatchedCluster> clusters, IServiceManager service, DaemonLog log, TimeProvider time)
{
    private static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(10);

    private readonly DateTimeOffset _started = time.GetUtcNow();

    /// <param name="listen">Where metrics and health are served; null for nowhere.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(IPEndPoint? listen, CancellationToken stop)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var pages = DaemonServer.RunAsync(
            listen, new DaemonPages(Metrics, Fault), text => log.Say("metrics", text), time, ends.Token);
        Task[] work = [.. clusters.Select(cluster => cluster.RunAsync(ends.Token)), WatchAsync(ends.Token)];
        service.Ready();
        await Task.WhenAny(work);
        service.Stopping();
        // Either all were told to end, or one failed: then the others end, too, and systemd starts the guard anew.
        await ends.CancelAsync();
        await Task.WhenAll([.. work, pages]);
    }

    private string Metrics()
    {
        var page = new MetricsPage();
        ClusterReading[] readings = [.. clusters.Select(cluster => cluster.Metrics.Read())];
        ProcessMetrics.Write(page, "guard", VersionCommand.Version, _started, readings);
        RecoveryMetrics.Write(page, readings);
        return page.ToString();
    }

    /// <summary>Why this guard is not well; null when it is.</summary>
    private string? Fault() => clusters.FirstOrDefault(cluster => !cluster.IsAlive) is { } silent
        ? $"{silent.Name}: looks have stopped"
        : null;

    private async Task WatchAsync(CancellationToken stop)
    {
        var interval = service.WatchdogInterval is { } watchdog && watchdog < StatusEvery ? watchdog : StatusEvery;
        while (!stop.IsCancellationRequested)
        {
            service.Status(string.Join("; ", clusters.Select(cluster => $"{cluster.Name}: {cluster.Status}")));
            if (Fault() is null)
            {
                service.Watchdog();
            }

            await Task.Delay(interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
