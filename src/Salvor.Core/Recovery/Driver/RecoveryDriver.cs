using System.Collections.Concurrent;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.Driver;

/// <summary>
/// Turns the engine's decisions into deeds: looks, journals each intent before and each outcome after.
/// </summary>
public sealed class RecoveryDriver(
    RecoveryMachine machine, ILookout lookout, IHands hands, IJournal journal, TimeProvider time,
    DriverOptions options)
{
    private readonly long _started = time.GetTimestamp();
    private readonly ConcurrentQueue<Func<Moment, RecoveryEvent>> _inbox = new();
    private volatile EngineState _state = EngineState.Empty;
    private volatile Observations _seen = Observations.None;
    private volatile StepOrder? _underWay;

    public EngineState State => _state;

    /// <summary>What the last look saw.</summary>
    public Observations Seen => _seen;

    /// <summary>The step that is under way; null between steps.</summary>
    public StepOrder? UnderWay => _underWay;

    /// <summary>Called with every entry that was journaled, after it was.</summary>
    public Action<JournalEntry>? Journaled { get; init; }

    /// <summary>Called after every look, with what the engine made of it.</summary>
    public Action<Observations, EngineState>? Looked { get; init; }

    /// <summary>What people have said since it was last asked; asked before every look.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<Func<Moment, RecoveryEvent>>>>? Hear { get; init; }

    /// <summary>Tells the engine something at its next turn.</summary>
    public void Post(Func<Moment, RecoveryEvent> happened) => _inbox.Enqueue(happened);

    /// <summary>Reads the journal and goes on from it.</summary>
    public async Task ResumeAsync(CancellationToken ct)
    {
        var entries = await journal.ReadAsync(ct);
        _state = Resumption.From(entries, machine.Settings, Now());
    }

    /// <summary>Looks and acts until it is stopped; a step that is under way then is awaited.</summary>
    /// <returns>False when somebody else leads now.</returns>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        try
        {
            await ResumeAsync(stop);
            while (await TurnAsync(stop))
            {
                await Task.Delay(_state.IsAlert ? options.LookSoon : options.LookEvery, time, stop);
            }

            return false;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return true;
        }
    }

    /// <summary>One look and all that follows from it.</summary>
    /// <returns>False when somebody else leads now.</returns>
    public async Task<bool> TurnAsync(CancellationToken stop)
    {
        foreach (var said in Hear is null ? [] : await Hear(stop))
        {
            Post(said);
        }

        while (_inbox.TryDequeue(out var happened))
        {
            if (!await ApplyAsync(happened(Now()), stop))
            {
                return false;
            }
        }

        var seen = await lookout.LookAsync(stop);
        _seen = seen;
        var goesOn = await ApplyAsync(new RecoveryEvent.Looked(Now(), seen), stop);
        Looked?.Invoke(seen, _state);
        return goesOn;
    }

    private Moment Now() => new(time.GetElapsedTime(_started), time.GetUtcNow());

    private async Task<bool> ApplyAsync(RecoveryEvent happened, CancellationToken stop)
    {
        var waiting = new Queue<RecoveryEvent>([happened]);
        while (waiting.TryDequeue(out var next))
        {
            var turn = machine.Step(_state, next);
            _state = turn.State;
            foreach (var effect in turn.Effects)
            {
                switch (effect)
                {
                    case Effect.Write write when !await WriteAsync(write.Entry, stop):
                        return false;
                    case Effect.Take take:
                        // The journal was away meanwhile, or the process stood still: what was seen may be over.
                        var report = Now().Uptime - next.At.Uptime <= options.ActWithin
                            ? await DoAsync(take.Order, stop)
                            : StepReport.Failed("What it was decided on is too old: it was not begun.");
                        waiting.Enqueue(new RecoveryEvent.StepEnded(Now(), take.Order, report));
                        break;
                    default:
                        break;
                }
            }
        }

        return true;
    }

    /// <summary>
    /// Nothing is done whose intent is not journaled: while the journal is away, the driver waits for it.
    /// </summary>
    private async Task<bool> WriteAsync(JournalEntry entry, CancellationToken stop)
    {
        while (true)
        {
            switch (await journal.AppendAsync(entry, stop))
            {
                case AppendResult.Written:
                    Journaled?.Invoke(entry);
                    return true;
                case AppendResult.Overtaken:
                    return false;
                default:
                    await Task.Delay(options.RetryEvery, time, stop);
                    break;
            }
        }
    }

    private async Task<StepReport> DoAsync(StepOrder order, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var clock = new CancellationTokenSource(options.StepLimit, time);
        using var ends = clock.Token.Register(limit.Cancel);
        try
        {
            _underWay = order;
            return await hands.DoAsync(order, limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return StepReport.Failed($"It did not end within {options.StepLimit.TotalMinutes:0} minutes.");
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return StepReport.Failed(e is SalvorException { Hint: { } hint } ? $"{e.Message} {hint}" : e.Message);
        }
        finally
        {
            _underWay = null;
        }
    }
}
