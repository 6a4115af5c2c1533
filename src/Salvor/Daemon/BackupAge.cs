using Salvor.Errors;
using Salvor.Formats;
using Salvor.Recovery.Shared;
using Salvor.Repository.Keeping;
using Salvor.Repository.Snapshots;

namespace Salvor.Daemon;

/// <summary>Knows when the newest snapshot was stored, and the newest one that was verified in full.</summary>
internal sealed class BackupAge(RepositoryAccess repository, TimeProvider time)
{
    /// <summary>Each time is a list, and a read for each record of a check.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private DateTimeOffset? _snapshot;
    private DateTimeOffset? _verified;

    public (DateTimeOffset? Snapshot, DateTimeOffset? Verified) Read()
    {
        lock (_gate)
        {
            return (_snapshot, _verified);
        }
    }

    /// <summary>A snapshot was stored just now.</summary>
    public void SnapshotTaken()
    {
        lock (_gate)
        {
            _snapshot = time.GetUtcNow();
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var wait = Every;
            try
            {
                await LookAsync(stop);
            }
            catch (Exception e) when (e is SalvorException or CorruptDataException)
            {
                wait = RetryAfter; // The stream says that the store is away.
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        var objects = await repository.OpenAsync(ct);
        if (await new RepositoryTimelines(objects).ReadAsync(ct) is not { Newest: { } timeline })
        {
            return;
        }

        var snapshots = await new SnapshotCatalog(objects).ListAsync(timeline, ct);
        var verified = await new CheckRecords(objects).ReadVerifiedAsync(timeline, ct);
        lock (_gate)
        {
            _snapshot = snapshots.Count == 0 ? null : snapshots[^1].Stored;
            _verified = snapshots.LastOrDefault(one => verified.Contains(one.Id.Value))?.Stored;
        }
    }
}
