using Salvor.Errors;
using Salvor.Formats;
using Salvor.Repository.Snapshots;

namespace Salvor.Backup.Streaming;

/// <summary>Takes snapshots beside the log: now and then, so that a restore has little to replay, and when the
/// machine's kit has changed.</summary>
/// <remarks>A failure is reported and tried again; it never ends the stream, which is what loses least.</remarks>
internal sealed class SnapshotSchedule(
    ISnapshotTaker snapshots, StreamOptions options, TimeProvider time, Action<StreamEvent> report)
{
    /// <summary>How often the kit is looked at.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(30);

    /// <summary>Goes on until it is stopped.</summary>
    /// <param name="newest">The newest snapshot; null where there is none, so that the log begins with one.</param>
    /// <param name="stop">Ends it, and gives up a snapshot that is under way.</param>
    public async Task RunAsync(SnapshotManifest? newest, CancellationToken stop)
    {
        var due = (newest?.Finished ?? time.GetUtcNow()) + options.SnapshotEvery;
        var kit = newest is null ? options.Kit?.Fingerprint() : newest.Kit?.Fingerprint;
        var failures = 0;
        try
        {
            while (true)
            {
                var now = time.GetUtcNow();
                var wait = due > now ? due - now : TimeSpan.Zero;
                await Task.Delay(wait < LookInterval ? wait : LookInterval, time, stop);
                var found = options.Kit?.Fingerprint();
                if (ReasonOf(due, found is not null && found != kit && failures == 0) is not { } reason)
                {
                    continue;
                }

                try
                {
                    var revision = await snapshots.TakeAsync(reason, stop);
                    report(new StreamEvent.SnapshotOnSchedule(revision, reason));
                    (kit, failures) = (found, 0);
                    due = time.GetUtcNow() + options.SnapshotEvery;
                }
                catch (Exception e) when (e is SalvorException or CorruptDataException)
                {
                    var pause = PauseAfter(++failures);
                    due = time.GetUtcNow() + pause;
                    report(new StreamEvent.Warning(
                        $"No snapshot could be taken; it is tried again in {pause.TotalMinutes:f0} min: {e.Message}"));
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private string? ReasonOf(DateTimeOffset due, bool isKitNew) =>
        time.GetUtcNow() >= due ? "it was time for one" : isKitNew ? "the machine's kit has changed" : null;

    private static TimeSpan PauseAfter(int failures)
    {
        var pause = LookInterval * Math.Pow(2, Math.Min(failures - 1, 10));
        return pause < RetryMax ? pause : RetryMax;
    }
}
