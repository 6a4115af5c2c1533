using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Tests.Recovery.Engine;

/// <summary>
/// An engine, its journal and its clocks, without a driver: looks and ends of steps are told by hand.
/// </summary>
internal sealed class EngineBench(RecoverySettings settings)
{
    private readonly RecoveryMachine _machine = new(settings);

    public EngineState State { get; set; } = EngineState.Empty;

    public TimeSpan Uptime { get; private set; } = TimeSpan.FromHours(1);

    public DateTimeOffset Wall { get; set; } = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    public List<JournalEntry> Journal { get; } = [];

    /// <summary>The step that was ordered last and has not ended.</summary>
    public StepOrder? Order { get; private set; }

    public Moment Now => new(Uptime, Wall);

    /// <summary>The journal in short: kinds and steps, from an entry on.</summary>
    public string Told(int from = 0) => string.Join(' ', Journal.Skip(from).Select(entry =>
        entry.Kind is EntryKind.Intent ? $"{entry.Step}"
        : entry.Kind is EntryKind.Outcome ? $"={entry.Result}"
        : entry.Kind is EntryKind.Closed ? $"Closed({entry.Result})"
        : $"{entry.Kind}"));

    public EngineBench Wait(TimeSpan by)
    {
        Uptime += by;
        Wall += by;
        return this;
    }

    /// <summary>Looks once, two seconds after what came before.</summary>
    public EngineBench Look(Observations seen) => Look(seen, TimeSpan.FromSeconds(2));

    public EngineBench Look(Observations seen, TimeSpan after)
    {
        Wait(after);
        return Tell(new RecoveryEvent.Looked(Now, seen));
    }

    /// <summary>Looks every two seconds for some time.</summary>
    public EngineBench LookFor(Observations seen, TimeSpan time)
    {
        for (var end = Uptime + time; Uptime < end;)
        {
            Look(seen);
        }

        return this;
    }

    public EngineBench Done(Proof proofs = Proof.None) => End(StepReport.Done(proofs: proofs));

    public EngineBench End(StepReport report)
    {
        var order = Order ?? throw new InvalidOperationException("No step is under way.");
        Order = null;
        Wait(TimeSpan.FromSeconds(1));
        return Tell(new RecoveryEvent.StepEnded(Now, order, report));
    }

    public EngineBench Pause(TimeSpan time) => Tell(new RecoveryEvent.Paused(Now, Wall + time));

    public EngineBench Approve(CauseId cause, Rung rung) => Tell(new RecoveryEvent.Approved(Now, cause, rung));

    public EngineBench Tell(RecoveryEvent happened)
    {
        var turn = _machine.Step(State, happened);
        State = turn.State;
        foreach (var effect in turn.Effects)
        {
            if (effect is Effect.Write write)
            {
                Assert.True(write.Entry.IsSane, $"{write.Entry} is not sane.");
                Journal.Add(write.Entry);
            }
            else
            {
                Assert.Null(Order);
                Order = ((Effect.Take)effect).Order;
            }
        }

        return this;
    }

    /// <summary>Another engine that goes on from this one's journal, or the beginning of it.</summary>
    public EngineBench Resume(int entries)
    {
        var next = new EngineBench(settings) { Uptime = TimeSpan.FromSeconds(5), Wall = Wall };
        next.Journal.AddRange(Journal.Take(entries));
        next.State = Resumption.From([.. next.Journal], settings, next.Now);
        return next;
    }
}
