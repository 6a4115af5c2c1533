using Salvor.Errors;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Tests.Recovery.Shared;

public sealed class HeartbeatTests
{
    private static readonly HeartbeatNews News = new(HeartbeatState.Healthy, "", new TimelineId(1));

    private readonly SharedPlace _place = new();
    private readonly TwoClocks _owner = new();
    private readonly TwoClocks _looker = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silence_is_what_two_looks_prove()
    {
        var heart = _place.Heart("agent", _owner);
        var watch = Watch();
        await heart.BeatAsync(News, Ct);
        var first = await watch.LookAsync(Ct);
        _looker.Pass(60);
        var silent = await watch.LookAsync(Ct);
        await heart.BeatAsync(News with { State = HeartbeatState.Acting }, Ct);
        _looker.Pass(60);
        var alive = await watch.LookAsync(Ct);

        Assert.Equal((TimeSpan.Zero, false), (first.Silence, first.HasChanged));
        Assert.Equal((TimeSpan.FromSeconds(60), false), (silent.Silence, silent.HasChanged));
        Assert.Equal((TimeSpan.Zero, true), (alive.Silence, alive.HasChanged));
        Assert.Equal(HeartbeatState.Acting, alive.Beat!.State);
    }

    [Fact]
    public async Task Wall_clocks_tell_nothing()
    {
        var heart = _place.Heart("agent", _owner);
        var watch = Watch();
        await heart.BeatAsync(News, Ct);
        await watch.LookAsync(Ct);
        _looker.Set(100_000);
        Assert.Equal(TimeSpan.Zero, (await watch.LookAsync(Ct)).Silence);
        _owner.Set(-100_000);
        await heart.BeatAsync(News, Ct);

        Assert.True((await watch.LookAsync(Ct)).HasChanged);
    }

    [Fact]
    public async Task Beat_that_arrives_late_is_no_sign_of_life()
    {
        var way = _place.Way();
        var heart = _place.Heart("agent", _owner, way);
        way.DelaysPut = true;
        await Assert.ThrowsAsync<SalvorException>(() => heart.BeatAsync(News, Ct));
        await heart.BeatAsync(News, Ct);
        var watch = Watch();
        await watch.LookAsync(Ct);
        await way.ArriveAsync();
        _looker.Pass(60);
        var late = await watch.LookAsync(Ct);

        Assert.Equal((TimeSpan.FromSeconds(60), false, 2L), (late.Silence, late.HasChanged, late.Beat!.Counter));
    }

    [Fact]
    public async Task Restarted_owner_is_a_sign_of_life_though_its_counter_begins_anew()
    {
        await _place.Heart("agent", _owner).BeatAsync(News, Ct);
        var watch = Watch();
        await watch.LookAsync(Ct);
        await _place.Heart("agent", _owner).BeatAsync(News, Ct);

        Assert.True((await watch.LookAsync(Ct)).HasChanged);
    }

    [Fact]
    public async Task Store_that_does_not_answer_is_no_silence()
    {
        var way = _place.Way();
        await _place.Heart("agent", _owner).BeatAsync(News, Ct);
        var watch = new HeartbeatWatch(_place.Json(way), SharedPlace.Holder("agent"), _looker);
        await watch.LookAsync(Ct);
        way.IsCut = true;
        _looker.Pass(60);
        await Assert.ThrowsAsync<SalvorException>(() => watch.LookAsync(Ct));
        await _place.Heart("agent", _owner).BeatAsync(News, Ct);
        way.IsCut = false;

        Assert.True((await watch.LookAsync(Ct)).HasChanged);
    }

    [Fact]
    public async Task One_that_never_was_is_told_and_its_first_beat_is_news()
    {
        var watch = Watch();
        Assert.Null((await watch.LookAsync(Ct)).Beat);
        _looker.Pass(60);
        Assert.Equal(TimeSpan.FromSeconds(60), (await watch.LookAsync(Ct)).Silence);
        await _place.Heart("agent", _owner).BeatAsync(News, Ct);

        Assert.True((await watch.LookAsync(Ct)).HasChanged);
        Assert.Equal([SharedPlace.Holder("agent")], await HeartbeatWatch.ListAsync(_place.Json(), Ct));
    }

    private HeartbeatWatch Watch() => new(_place.Json(), SharedPlace.Holder("agent"), _looker);
}
