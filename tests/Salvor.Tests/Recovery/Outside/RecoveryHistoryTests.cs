using System.Text;
using Salvor.ObjectStore;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.OnMachine.Journal;
using Salvor.Recovery.Outside;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Tests.Recovery.Outside;

public sealed class RecoveryHistoryTests
{
    private static readonly HolderId Agent = SharedPlace.Holder("cp-1");

    private readonly SharedPlace _place = new();
    private readonly TwoClocks _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Agents_and_guards_recoveries_of_the_last_day_come_in_order_with_what_became_of_them()
    {
        await _place.Heart(Agent.Value, _clock).BeatAsync(
            new HeartbeatNews(HeartbeatState.Healthy, "", new TimelineId(1)), Ct);
        await AgentDidAsync(minutesAgo: 3000, "old", EntryKind.Opened, EntryKind.Closed);
        await AgentDidAsync(minutesAgo: 100, "mended", EntryKind.Opened, EntryKind.Intent, EntryKind.Outcome,
            EntryKind.Closed);
        await AgentDidAsync(minutesAgo: 10, "in its middle", EntryKind.Opened, EntryKind.Page, EntryKind.Intent);
        await AgentDidAsync(minutesAgo: 1, "told", EntryKind.Page);
        await GuardsDidAsync(minutesAgo: 50, "rebooted", EntryKind.Opened, EntryKind.Intent, EntryKind.Outcome,
            EntryKind.Intent, EntryKind.Outcome, EntryKind.Closed);

        var (recoveries, faults) = await HistoryOf(_place.Json()).ReadAsync(Ct);

        Assert.Empty(faults);
        Assert.Equal(
            [
                ("cp-1", PastState.Done, "mended"), (null, PastState.Done, "rebooted"),
                ("cp-1", PastState.GoesOn, "in its middle"), ("cp-1", PastState.NeedsPerson, "told"),
            ],
            recoveries.Select(one => (one.By, one.State, one.Text)));
        Assert.Equal(TimeSpan.FromSeconds(5), recoveries[1].Last - recoveries[1].Began);
    }

    [Fact]
    public async Task Entries_are_read_once()
    {
        var way = _place.Way();
        var history = HistoryOf(_place.Json(way));
        await GuardsDidAsync(minutesAgo: 5, "rebooted", EntryKind.Opened, EntryKind.Closed);
        await history.ReadAsync(Ct);
        way.LosesReads = true;

        Assert.Single((await history.ReadAsync(Ct)).Recoveries);
    }

    [Fact]
    public async Task Damaged_entry_is_named_and_hides_no_other()
    {
        await GuardsDidAsync(minutesAgo: 5, "first", EntryKind.Opened, EntryKind.Closed);
        await GuardsDidAsync(minutesAgo: 4, "second", EntryKind.Opened, EntryKind.Closed);
        var damaged = RecoveryNames.Entry(new IncidentId(1), 2);
        await _place.Memory.PutAsync(damaged, new(Encoding.ASCII.GetBytes("anything")), PutCondition.None, Ct);

        var (recoveries, faults) = await HistoryOf(_place.Json()).ReadAsync(Ct);

        Assert.Contains(damaged.Value, Assert.Single(faults), StringComparison.Ordinal);
        Assert.Equal([PastState.GoesOn, PastState.Done], recoveries.Select(one => one.State));
    }

    private RecoveryHistory HistoryOf(StoreJson objects) => new(objects, _clock);

    private async Task AgentDidAsync(int minutesAgo, string text, params EntryKind[] kinds)
    {
        foreach (var entry in EntriesOf(minutesAgo, text, kinds))
        {
            await _place.Json().WriteAsync(RecoveryNames.AgentEntry(Agent, entry.At, 1), entry,
                JournalJson.Default.JournalEntry, PutCondition.IfAbsent, Ct);
        }
    }

    private async Task GuardsDidAsync(int minutesAgo, string text, params EntryKind[] kinds)
    {
        var journals = await _place.JournalsAsync(JournalJson.Default.JournalEntry);
        var entries = EntriesOf(minutesAgo, text, kinds).ToList();
        var journal = await journals.TryBeginAsync(await journals.FindNewestAsync(Ct), entries[0], Ct);
        foreach (var entry in entries[1..])
        {
            await journal!.AppendAsync(entry, Ct);
        }
    }

    private IEnumerable<JournalEntry> EntriesOf(int minutesAgo, string text, params EntryKind[] kinds) =>
        kinds.Select((kind, at) => new JournalEntry
        {
            Kind = kind,
            At = _clock.GetUtcNow() - TimeSpan.FromMinutes(minutesAgo) + TimeSpan.FromSeconds(at),
            PlanId = text,
            Cause = CauseId.MachineHung,
            Rung = Rung.Reboot,
            Step = kind is EntryKind.Intent or EntryKind.Outcome ? StepKind.RebootMachine : null,
            Result = kind is EntryKind.Outcome or EntryKind.Closed ? StepResult.Done : null,
            Text = text,
        });
}
