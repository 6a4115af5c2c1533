using Salvor.EtcdClient;

namespace Salvor.Backup;

/// <summary>Keeps a snapshot from hurting the etcd that it is taken of: slows it down, or ends it.</summary>
/// <remarks>An etcd that does not tell its gauges is read at full speed, as every other tool does.</remarks>
/// <param name="read">Asks the member that sends the snapshot.</param>
/// <param name="growthMaxBytes">How much its database may grow meanwhile.</param>
/// <param name="time">The clock.</param>
internal sealed class SnapshotPacer(
    Func<CancellationToken, Task<EtcdGauges?>> read, long growthMaxBytes, TimeProvider time)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Between two blocks of 256 KiB while etcd is strained: some 10 MB a second. Slower would only pin pages longer.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private volatile bool _isStrained;

    /// <summary>How long the snapshot waited for etcd's sake.</summary>
    public TimeSpan Paused { get; private set; }

    /// <summary>
    /// By how much the database had grown when the snapshot was given up for it; null where it was not.
    /// </summary>
    public long? GrewTooMuchBytes { get; private set; }

    /// <summary>
    /// Looks until it is told to end, and ends the snapshot itself when the database has grown too much.
    /// </summary>
    public async Task WatchAsync(CancellationTokenSource snapshot)
    {
        try
        {
            if (await read(snapshot.Token) is not { } before)
            {
                return;
            }

            var pressure = new SnapshotPressure(before, growthMaxBytes);
            while (true)
            {
                await Task.Delay(LookInterval, time, snapshot.Token);
                if (await read(snapshot.Token) is not { } now)
                {
                    continue;
                }

                pressure.Look(now);
                _isStrained = pressure.IsStrained;
                if (pressure.HasGrownTooMuch)
                {
                    GrewTooMuchBytes = pressure.GrowthBytes;
                    await snapshot.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (snapshot.IsCancellationRequested)
        {
            // The snapshot is over.
        }
    }

    /// <summary>Called between blocks.</summary>
    public async ValueTask PaceAsync(CancellationToken ct)
    {
        if (_isStrained)
        {
            var begun = time.GetTimestamp();
            await Task.Delay(Pause, time, ct);
            Paused += time.GetElapsedTime(begun);
        }
    }
}
