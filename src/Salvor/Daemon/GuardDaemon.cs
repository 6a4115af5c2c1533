using Salvor.Platform;

namespace Salvor.Daemon;

/// <summary>Runs the guards of several clusters, and tells systemd how they are.</summary>
internal sealed class GuardDaemon(IReadOnlyList<WatchedCluster> clusters, IServiceManager service, TimeProvider time)
{
    private static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken stop)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] work = [.. clusters.Select(cluster => cluster.RunAsync(ends.Token)), WatchAsync(ends.Token)];
        service.Ready();
        await Task.WhenAny(work);
        service.Stopping();
        // Either all were told to end, or one failed: then the others end, too, and systemd starts the guard anew.
        await ends.CancelAsync();
        await Task.WhenAll(work);
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        var interval = service.WatchdogInterval is { } watchdog && watchdog < StatusEvery ? watchdog : StatusEvery;
        while (!stop.IsCancellationRequested)
        {
            service.Status(string.Join("; ", clusters.Select(cluster => $"{cluster.Name}: {cluster.Status}")));
            if (clusters.All(cluster => cluster.IsAlive))
            {
                service.Watchdog();
            }

            await Task.Delay(interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
