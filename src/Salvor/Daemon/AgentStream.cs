using Salvor.Backup.Streaming;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Formats;
using Salvor.Metrics;
using Salvor.Recovery.Engine;
using Salvor.Recovery.OnMachine.Hands;

namespace Salvor.Daemon;

/// <summary>Keeps the stream of changes going for as long as the agent runs, whatever ends it.</summary>
internal sealed class AgentStream(
    RepositoryAccess repository, Func<EtcdConnection> connect, DataRecovery data, StreamOptions options,
    StreamMachine machine, DaemonLog log, ChangesAtRisk risk, BackupAge backups)
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);

    private volatile CancellationTokenSource? _session;
    private string? _said;

    /// <summary>Stores what waits, looks for the timeline anew, and goes on.</summary>
    public void Renew() => _session?.Cancel();

    public async Task RunAsync(CancellationToken stop)
    {
        var pause = PauseMin;
        while (!stop.IsCancellationRequested)
        {
            var start = machine.Time.GetTimestamp();
            using var session = CancellationTokenSource.CreateLinkedTokenSource(stop);
            _session = session;
            try
            {
                await StreamAsync(session.Token);
            }
            catch (Exception e) when (e is SalvorException or CorruptDataException)
            {
                SayOnce(e.Message);
            }
            catch (OperationCanceledException) when (session.IsCancellationRequested)
            {
                // Renewed, or stopped.
            }

            _session = null;
            pause = machine.Time.GetElapsedTime(start) > PauseMax ? PauseMin
                : pause * 2 < PauseMax ? pause * 2 : PauseMax;
            await Task.Delay(pause, machine.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StreamAsync(CancellationToken stop)
    {
        // What a recovery put in place while the store was away has no timeline yet.
        var begun = await data.BeginTimelineAsync(stop);
        if (begun.Result != StepResult.Done)
        {
            throw new SalvorException(ErrorCode.Failed, begun.Detail);
        }

        using var connection = connect();
        var session = new StreamSession(connection, await repository.OpenAsync(stop), machine);
        await session.RunAsync(options, Report, stop);
    }

    private void Report(StreamEvent happened)
    {
        switch (happened)
        {
            case StreamEvent.Stored stored:
                risk.Stored(stored.Last);
                break;
            case StreamEvent.Resumed resumed:
                risk.Stored(resumed.Revision);
                break;
            case StreamEvent.Following following:
                _said = null;
                log.Say("stream", $"follows etcd from revision {following.After} on");
                break;
            case StreamEvent.EtcdAway away:
                SayOnce(away.Reason);
                break;
            case StreamEvent.StoreAway away:
                SayOnce(away.Reason);
                break;
            case StreamEvent.NeedsSnapshot needs:
                log.Say("stream", $"takes a snapshot: {needs.Reason}");
                break;
            case StreamEvent.SnapshotTaken taken:
                risk.Stored(taken.Revision);
                backups.SnapshotTaken();
                log.Say("stream", $"has taken a snapshot at revision {taken.Revision}");
                break;
            case StreamEvent.SnapshotOnSchedule:
                backups.SnapshotTaken();
                break;
            case StreamEvent.Warning warning:
                log.Say("stream", warning.Text);
                break;
            default:
                break;
        }
    }

    /// <summary>The same again is not news.</summary>
    private void SayOnce(string text)
    {
        if (_said != text)
        {
            _said = text;
            log.Say("stream", text);
        }
    }
}
