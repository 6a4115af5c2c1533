using System.Collections.Concurrent;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.OnMachine.Journal;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Daemon;

/// <summary>
/// Says in the repository that the agent lives and how its machine is, and keeps its journal there, too.
/// </summary>
internal sealed class AgentBeat(
    RepositoryAccess repository, HeartbeatOwner owner, Func<int?> timeline, Platform.IEntropy entropy,
    TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>How much of the journal waits for a store that is away; the machine's own has it all.</summary>
    private const int WaitingMax = 1000;

    private readonly ConcurrentQueue<JournalEntry> _waiting = new();
    private volatile Tuple<bool>? _reached;
    private volatile HeartbeatNews _news = new(HeartbeatState.Healthy, "", null);
    private volatile Notices _notices = Notices.None;
    private StoreJson? _objects;
    private HeartbeatWriter? _writer;
    private int _stored;

    /// <summary>Whether the last beat was stored; null before the first.</summary>
    public bool? IsStoreReachable => _reached?.Item1;

    /// <summary>What people have said in the repository, as it was read last.</summary>
    public Notices Notices => _notices;

    public void Note(Observations seen, EngineState state)
    {
        var ready = seen[Sign.ApiServerReady].Truth == Truth.Yes;
        _news = new HeartbeatNews(
            state.Plan is not null ? HeartbeatState.Acting
                : ready && state.Findings.IsEmpty ? HeartbeatState.Healthy : HeartbeatState.Degraded,
            string.Join(" ", state.Findings.Select(finding => finding.Cause.Title + ".")),
            timeline() is { } number ? new TimelineId(number) : null);
    }

    public void Keep(JournalEntry entry)
    {
        _waiting.Enqueue(entry);
        while (_waiting.Count > WaitingMax)
        {
            _waiting.TryDequeue(out _);
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _objects ??= new StoreJson(await repository.OpenAsync(stop));
                _writer ??= new HeartbeatWriter(_objects, owner, time, entropy);
                await _writer.BeatAsync(_news, stop);
                await StoreJournalAsync(_objects, stop);
                _notices = await new StoreNotices(_objects).ReadAsync(stop);
                _reached = Tuple.Create(true);
            }
            catch (Exception e) when (e is SalvorException or CorruptDataException)
            {
                _reached = Tuple.Create(false);
                // The stream says that the store is away. A beat that is missing is what tells the guards.
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(Every, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StoreJournalAsync(StoreJson objects, CancellationToken ct)
    {
        while (_waiting.TryPeek(out var entry))
        {
            var write = await objects.WriteAsync(
                RecoveryNames.AgentEntry(owner.Holder, entry.At, _stored), entry, JournalJson.Default.JournalEntry,
                PutCondition.IfAbsent, ct);
            if (write.Fault is { } fault)
            {
                throw fault; // It is written again; where it was written after all, that one stays.
            }

            _stored++;
            _waiting.TryDequeue(out _);
        }
    }
}
