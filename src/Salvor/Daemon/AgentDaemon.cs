using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Platform;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.OnMachine;
using Salvor.Recovery.Shared;
using Salvor.Web;

namespace Salvor.Daemon;

/// <summary>The agent: streams, looks, mends, and says that it lives.</summary>
internal sealed class AgentDaemon
{
    /// <summary>A machine that has not been looked at for so long has an agent that hangs.</summary>
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan WellFor = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KeepEvery = TimeSpan.FromMinutes(1);

    private readonly AgentMachine _machine;
    private readonly AgentParts _parts;
    private readonly AgentStream _stream;
    private readonly AgentBeat _beat;
    private readonly StampKeeper _stamps;
    private readonly AgentMetrics _metrics;
    private readonly IServiceManager _service;
    private readonly DaemonLog _log;
    private readonly RecoveryDriver _driver;
    private ImmutableArray<CauseId> _found = [];
    private long _lookedAt;
    private long? _wellSince;
    private long? _kept;

    public AgentDaemon(
        AgentMachine machine, AgentParts parts, AgentStream stream, AgentBeat beat, StampKeeper stamps,
        AgentMetrics metrics, IServiceManager service, DaemonLog log, RecoveryMode mode)
    {
        _machine = machine;
        _parts = parts;
        _stream = stream;
        _beat = beat;
        _stamps = stamps;
        _metrics = metrics;
        _service = service;
        _log = log;
        _lookedAt = machine.Time.GetTimestamp();
        var heed = new NoticeHeed(NoticesAsync, machine.Time, text => log.Say("agent", text));
        _driver = parts.Driver(mode, heed, Journaled, Looked);
    }

    /// <param name="listen">Where metrics and health are served; null for nowhere.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(IPEndPoint? listen, CancellationToken stop)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var pages = DaemonServer.RunAsync(
            listen, new DaemonPages(_metrics.Write, Fault), text => _log.Say("metrics", text), _machine.Time,
            ends.Token);
        Task[] work =
        [
            _driver.RunAsync(ends.Token), _stream.RunAsync(ends.Token), _beat.RunAsync(ends.Token),
            _metrics.Backups.RunAsync(ends.Token), WatchAsync(ends.Token),
        ];
        _service.Ready();
        await Task.WhenAny(work);
        _service.Stopping();
        // Either all were told to end, or one failed: then the others end, too, and systemd starts the agent anew.
        await ends.CancelAsync();
        await Task.WhenAll([.. work, pages]);
    }

    /// <summary>On the machine they hold whatever the store does; there, people may say them from anywhere.</summary>
    private async Task<Notices> NoticesAsync(CancellationToken ct) =>
        (await _parts.Notices.ReadAsync(ct)).Or(_beat.Heard);

    private void Looked(Observations seen, EngineState state)
    {
        Interlocked.Exchange(ref _lookedAt, _machine.Time.GetTimestamp());
        _beat.Note(seen, state);
        _stamps.Note(seen);
        _metrics.Note(seen, state, _parts.Etcd.Status?.Revision);
        SayFound(state.Findings);
        KeepWell(seen, state);
        _service.Status(state.Plan is { } plan
            ? $"{plan.Cause}: {plan.Rung}"
            : state.Findings.Length == 0 ? $"well; stored up to revision {_metrics.Risk.StoredRevision}"
            : state.Findings[0].Cause.Title);
    }

    /// <summary>What is found anew, and what has gone: so that a log tells when something was first seen.</summary>
    private void SayFound(ImmutableArray<Finding> findings)
    {
        var found = findings.Select(finding => finding.Cause.Id).ToImmutableArray();
        foreach (var finding in findings.Where(finding => !_found.Contains(finding.Cause.Id)))
        {
            _log.Say("look", $"{finding.Cause.Id}: {finding.Cause.Title} ({string.Join("; ", finding.Evidence)})");
        }

        foreach (var gone in _found.Except(found))
        {
            _log.Say("look", $"{gone} is not seen any more");
        }

        _found = found;
    }

    /// <summary>What has been well for a while is what a later repair goes back to.</summary>
    private void KeepWell(Observations seen, EngineState state)
    {
        var isWell = seen[Sign.ApiServerReady].Truth == Truth.Yes && state.Findings.IsEmpty && state.Plan is null;
        if (!isWell)
        {
            _wellSince = null;
            return;
        }

        _wellSince ??= _machine.Time.GetTimestamp();
        var isDue = _kept is not { } kept || _machine.Time.GetElapsedTime(kept) > KeepEvery;
        if (isDue && _machine.Time.GetElapsedTime(_wellSince.Value) > WellFor)
        {
            _kept = _machine.Time.GetTimestamp();
            try
            {
                _parts.KeepWell();
            }
            catch (Exception e) when (e is SalvorException or CorruptDataException)
            {
                _log.Say("agent", e.Message);
            }
        }
    }

    private void Journaled(JournalEntry entry)
    {
        _log.Say(entry);
        _metrics.Cluster.Journaled(entry);
        _metrics.Cluster.Decided(_driver.State);
        _beat.Keep(entry);
        if (entry is { Kind: EntryKind.Closed, Rung: Rung.RecoverData })
        {
            _parts.Timeline.Forget();
            _stream.Renew();
        }
    }

    /// <summary>Why this agent is not well; null when it is.</summary>
    private string? Fault()
    {
        var since = _machine.Time.GetElapsedTime(Interlocked.Read(ref _lookedAt));
        return _driver.UnderWay is not null || since < LookLimit ? null
            : string.Create(CultureInfo.InvariantCulture, $"the last look ended {since.TotalSeconds:0} s ago");
    }

    /// <summary>The watchdog is told only while looks go on, or a step, which has a limit of its own.</summary>
    private async Task WatchAsync(CancellationToken stop)
    {
        var interval = _service.WatchdogInterval ?? Timeout.InfiniteTimeSpan;
        while (!stop.IsCancellationRequested)
        {
            if (Fault() is null)
            {
                _service.Watchdog();
            }

            await Task.Delay(interval, _machine.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
