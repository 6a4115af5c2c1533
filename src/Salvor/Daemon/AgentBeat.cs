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
    RepositoryAccess repository, INoticeBoard machine, HeartbeatOwner owner, Func<int?> timeline,
    Platform.IEntropy entropy, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>How much of the journal waits for a store that is away; the machine's own has it all.</summary>
    private const int WaitingMax = 1000;

    private readonly ConcurrentQueue<JournalEntry> _waiting = new();
    private volatile Tuple<bool>? _reached;
    private volatile HeartbeatNews _news = new(HeartbeatState.Healthy, "", null);
    private volatile Notices _heard = Notices.None;
    private StoreJson? _objects;
    private HeartbeatWriter? _writer;
    private int _stored;

    /// <summary>Whether the last beat was stored; null before the first.</summary>
    public bool? IsStoreReachable => _reached?.Item1;

    /// <summary>What people have said in the repository, as it was read last.</summary>
    public Notices Heard => _heard;

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
                await HearAsync(_objects, stop);
                await _writer.BeatAsync(_news, stop);
                await StoreJournalAsync(_objects, stop);
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

    /// <summary>
    /// A pause is kept on the machine, too: it holds over a restart, and while the store is away. One that can't be
    /// read in the store is for the guards to heed: what is on the machine counts here.
    /// </summary>
    private async Task HearAsync(StoreJson objects, CancellationToken ct)
    {
        try
        {
            var heard = await new StoreNotices(objects).ReadAsync(ct);
            _heard = heard;
            var kept = (await machine.ReadAsync(ct)).Pause;
            if (heard.Pause is { } pause && !(kept?.Written >= pause.Written))
            {
                await machine.PutAsync(pause, ct);
            }
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            // What was heard before counts. The stream says that the store is away.
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
