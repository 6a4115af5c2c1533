using Salvor.Errors;
using Salvor.Formats;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Tests.Recovery.Shared;

public sealed class StoreJournalTests
{
    private readonly SharedPlace _place = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_come_back_in_order_and_the_next_one_follows()
    {
        var journal = await BegunAsync("one");
        await journal.AppendAsync(new Note("two"), Ct);
        var other = (await JournalsAsync()).Of(journal.Incident);

        Assert.Equal([new Note("one"), new Note("two")], await other.ReadAllAsync(Ct));
        Assert.Equal(JournalOutcome.Written, await other.AppendAsync(new Note("three"), Ct));
        Assert.Equal("recovery/incidents/00000001/00000003", _place.Memory.Names[^1]);
    }

    [Fact]
    public async Task Of_two_writers_one_is_overtaken_and_must_read_anew()
    {
        var journal = await BegunAsync("one");
        var other = (await JournalsAsync()).Of(journal.Incident);
        await other.ReadAllAsync(Ct);
        Assert.Equal(JournalOutcome.Written, await journal.AppendAsync(new Note("two"), Ct));
        Assert.Equal(JournalOutcome.Overtaken, await other.AppendAsync(new Note("two"), Ct));

        await Assert.ThrowsAsync<InvalidOperationException>(() => other.AppendAsync(new Note("two"), Ct));
        Assert.Equal(2, (await other.ReadAllAsync(Ct)).Count);
    }

    [Fact]
    public async Task Lost_answer_is_known_by_the_bytes()
    {
        var way = _place.Way();
        var journal = await BegunAsync("one", way);
        way.LosesPutAnswers = true;

        Assert.Equal(JournalOutcome.Written, await journal.AppendAsync(new Note("two"), Ct));
    }

    [Fact]
    public async Task Entry_that_is_appended_again_is_the_same_write()
    {
        var way = _place.Way();
        var journal = await BegunAsync("one", way);
        way.DelaysPut = true;
        await Assert.ThrowsAsync<SalvorException>(() => journal.AppendAsync(new Note("two"), Ct));
        await way.ArriveAsync();
        Assert.Equal(JournalOutcome.Written, await journal.AppendAsync(new Note("two"), Ct));

        Assert.Equal([new Note("one"), new Note("two")], await journal.ReadAllAsync(Ct));
    }

    [Fact]
    public async Task Equal_entry_of_another_writer_is_another_one()
    {
        var way = _place.Way();
        var journal = await BegunAsync("one", way);
        var other = (await JournalsAsync()).Of(journal.Incident);
        await other.ReadAllAsync(Ct);
        way.LosesPutAnswers = true;
        way.BeforePut = async () =>
            Assert.Equal(JournalOutcome.Written, await other.AppendAsync(new Note("two"), Ct));

        await Assert.ThrowsAsync<SalvorException>(() => journal.AppendAsync(new Note("two"), Ct));
        way.LosesPutAnswers = false;
        Assert.Equal(JournalOutcome.Overtaken, await journal.AppendAsync(new Note("two"), Ct));
    }

    [Fact]
    public async Task Gap_is_refused()
    {
        var journal = await BegunAsync("one");
        await journal.AppendAsync(new Note("two"), Ct);
        await journal.AppendAsync(new Note("three"), Ct);
        _place.Memory["recovery/incidents/00000001/00000002"] = null;

        var fault = await Assert.ThrowsAsync<SalvorException>(() => journal.ReadAllAsync(Ct));
        Assert.Equal(ErrorCode.Corrupt, fault.Code);
        Assert.Contains("00000003", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entry_under_another_name_does_not_open()
    {
        var journal = await BegunAsync("one");
        _place.Memory["recovery/incidents/00000001/00000002"] =
            _place.Memory["recovery/incidents/00000001/00000001"];

        await Assert.ThrowsAsync<CorruptDataException>(() => journal.ReadAllAsync(Ct));
    }

    [Fact]
    public async Task Entry_that_is_too_long_is_not_written()
    {
        var journal = await BegunAsync("one");

        await Assert.ThrowsAsync<SalvorException>(() => journal.AppendAsync(new Note(new string('x', 70_000)), Ct));
        Assert.Single(await journal.ReadAllAsync(Ct));
    }

    [Fact]
    public async Task Open_incident_is_the_newest_that_has_not_ended()
    {
        var journals = await JournalsAsync();
        Assert.Null(await journals.FindOpenAsync(IsEnd, Ct));
        var first = await BegunAsync("one");
        Assert.Equal(first.Incident, (await journals.FindOpenAsync(IsEnd, Ct))!.Journal.Incident);
        await first.AppendAsync(new Note("end"), Ct);
        Assert.Null(await journals.FindOpenAsync(IsEnd, Ct));
        var second = await journals.TryBeginAsync(first.Incident, new Note("one"), Ct);
        var open = await journals.FindOpenAsync(IsEnd, Ct);

        Assert.Equal(new IncidentId(2), second!.Incident);
        Assert.Equal(new IncidentId(2), open!.Journal.Incident);
        Assert.Equal(JournalOutcome.Written, await open.Journal.AppendAsync(new Note("two"), Ct));
        Assert.Equal([new IncidentId(1), new IncidentId(2)], await journals.ListAsync(Ct));
    }

    [Fact]
    public async Task Incident_that_no_list_shows_yet_is_found()
    {
        await BegunAsync("one");
        var way = _place.Way();
        way.HasNoLists = true;

        Assert.Equal(new IncidentId(1), await (await JournalsAsync(way)).FindNewestAsync(Ct));
    }

    [Fact]
    public async Task Of_two_that_begin_an_incident_one_does()
    {
        var journals = await JournalsAsync();
        Assert.NotNull(await journals.TryBeginAsync(newest: null, new Note("one"), Ct));
        Assert.Null(await journals.TryBeginAsync(newest: null, new Note("one"), Ct));
    }

    private static bool IsEnd(Note note) => note.Text == "end";

    private Task<StoreJournals<Note>> JournalsAsync(BadWay? way = null) =>
        _place.JournalsAsync(NoteJson.Default.Note, way);

    private async Task<StoreJournal<Note>> BegunAsync(string text, BadWay? way = null) =>
        (await (await JournalsAsync(way)).TryBeginAsync(newest: null, new Note(text), Ct))!;
}
