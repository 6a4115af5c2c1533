using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Tests.Recovery.Engine;

/// <summary>Which rung is taken, how often, and who is told when none is left.</summary>
public sealed class LadderTests
{
    private static readonly Cause AtOnce = Sample.Hung with
    {
        Datapoints = 1,
        OutOf = 1,
        Patience = TimeSpan.Zero,
        Rungs = [Rung.RestartKubelet, Rung.StopHungContainer],
    };

    [Fact]
    public void Next_rung_waits_until_the_last_one_had_its_time_to_help()
    {
        var bench = new EngineBench(Sample.For(AtOnce));

        bench.Look(Sample.HangsAlone).Done().LookFor(Sample.HangsAlone, TimeSpan.FromSeconds(58));
        Assert.Equal("Opened RestartKubelet =Done Closed(Done)", bench.Told());

        bench.Look(Sample.HangsAlone);
        Assert.Equal("Opened StopApiServer", bench.Told(4));
    }

    [Fact]
    public void Person_is_told_once_when_no_rung_is_left()
    {
        var bench = new EngineBench(Sample.For(AtOnce));
        bench.Look(Sample.HangsAlone).Done().LookFor(Sample.HangsAlone, TimeSpan.FromSeconds(60)).Done();
        var told = bench.Journal.Count;

        bench.LookFor(Sample.HangsAlone, TimeSpan.FromMinutes(8));

        Assert.Equal("Page", bench.Told(told));
        Assert.Contains("RestartKubelet, StopHungContainer", bench.Journal[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void After_some_time_the_first_rung_has_its_turn_again()
    {
        var bench = new EngineBench(Sample.For(AtOnce));
        bench.Look(Sample.HangsAlone).Done().LookFor(Sample.HangsAlone, TimeSpan.FromSeconds(60)).Done();

        bench.LookFor(Sample.HangsAlone, RecoveryMachine.NewRoundAfter);

        Assert.EndsWith("Page Opened RestartKubelet", bench.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void Cause_that_returns_soon_goes_on_with_the_next_rung()
    {
        var bench = new EngineBench(Sample.For(AtOnce));
        bench.Look(Sample.HangsAlone).Done().LookFor(Sample.IsWell, TimeSpan.FromMinutes(20));
        var resumed = bench.Resume(bench.Journal.Count);
        var told = bench.Journal.Count;

        bench.Look(Sample.HangsAlone);
        resumed.Look(Sample.HangsAlone);

        Assert.Equal("Opened StopApiServer", bench.Told(told));
        Assert.Equal("Opened StopApiServer", resumed.Told(told));
    }

    [Fact]
    public void Only_rung_of_a_cause_that_returns_has_its_turn_again()
    {
        var bench = new EngineBench(Sample.For(AtOnce with { Rungs = [Rung.RestartKubelet] }));
        bench.Look(Sample.HangsAlone).Done().LookFor(Sample.IsWell, TimeSpan.FromMinutes(2));
        var told = bench.Journal.Count;

        bench.Look(Sample.HangsAlone);

        Assert.Equal("Opened RestartKubelet", bench.Told(told));
    }

    [Fact]
    public void Cause_that_returns_much_later_begins_at_the_first_rung()
    {
        var bench = new EngineBench(Sample.For(AtOnce));
        bench.Look(Sample.HangsAlone).Done().LookFor(Sample.IsWell, TimeSpan.FromMinutes(32));
        var told = bench.Journal.Count;

        bench.Look(Sample.HangsAlone);

        Assert.Equal("Opened RestartKubelet", bench.Told(told));
    }

    [Fact]
    public void Budget_bounds_a_rung_and_ends_with_its_window()
    {
        var bench = new EngineBench(Sample.For(AtOnce with { Rungs = [Rung.RestartKubelet] }));

        Assert.Equal(4, TakenWithin(bench, TimeSpan.FromMinutes(58)));
        Assert.Equal(4, TakenWithin(bench, TimeSpan.FromMinutes(60)));
    }

    [Theory]
    [InlineData(-365)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(365)]
    public void No_jump_of_the_clock_frees_a_budget(int days)
    {
        var bench = new EngineBench(Sample.For(AtOnce with { Rungs = [Rung.RestartKubelet] }));
        Assert.Equal(4, TakenWithin(bench, TimeSpan.FromMinutes(58)));

        bench.Wall += TimeSpan.FromDays(days);

        Assert.Equal(0, TakenWithin(bench, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Budget_outlives_a_restart_and_a_clock_that_was_set_back()
    {
        var bench = new EngineBench(Sample.For(AtOnce with { Rungs = [Rung.RestartKubelet] }));
        Assert.Equal(4, TakenWithin(bench, TimeSpan.FromMinutes(58)));

        Assert.Equal(0, TakenWithin(bench.Resume(bench.Journal.Count), TimeSpan.FromMinutes(1)));
        bench.Wall -= TimeSpan.FromDays(30);
        Assert.Equal(0, TakenWithin(bench.Resume(bench.Journal.Count), TimeSpan.FromMinutes(50)));
    }

    [Fact]
    public void Advice_is_given_once_and_nothing_is_done()
    {
        var bench = new EngineBench(Sample.For(AtOnce, RecoveryMode.Advise));

        bench.LookFor(Sample.HangsAlone, TimeSpan.FromMinutes(30));

        Assert.Equal("Advice", bench.Told());
        Assert.Equal(Rung.RestartKubelet, bench.Journal[0].Rung);
    }

    [Fact]
    public void Approval_is_asked_for_and_used_up_once()
    {
        var bench = new EngineBench(Sample.For(AtOnce with { Rungs = [Rung.RestartKubelet] }, RecoveryMode.Approve));
        bench.LookFor(Sample.HangsAlone, TimeSpan.FromMinutes(1));
        Assert.Equal("Page", bench.Told());

        bench.Approve(CauseId.KubeletHung, Rung.RestartKubelet).Look(Sample.HangsAlone).Done();
        bench.LookFor(Sample.HangsAlone, TimeSpan.FromMinutes(30));

        Assert.Equal("Page Opened RestartKubelet =Done Closed(Done)", bench.Told());
    }

    [Fact]
    public void Approval_that_another_one_has_used_up_counts_for_nothing()
    {
        var bench = new EngineBench(Sample.For(AtOnce with { Rungs = [Rung.RestartKubelet] }, RecoveryMode.Approve));
        bench.LookFor(Sample.HangsAlone, TimeSpan.FromMinutes(1));
        var given = bench.Now.Uptime;
        bench.Approve(CauseId.KubeletHung, Rung.RestartKubelet).Look(Sample.HangsAlone).Done();
        bench.LookFor(Sample.HangsAlone, TimeSpan.FromMinutes(5));

        bench.Tell(new RecoveryEvent.Approved(bench.Now, CauseId.KubeletHung, Rung.RestartKubelet) { GivenAt = given });
        bench.LookFor(Sample.HangsAlone, TimeSpan.FromMinutes(1));

        Assert.Equal("Page Opened RestartKubelet =Done Closed(Done)", bench.Told());
    }

    [Fact]
    public void Approval_ends_with_its_time_also_while_nothing_may_be_begun()
    {
        var bench = new EngineBench(Sample.For(AtOnce with { Rungs = [Rung.RestartKubelet] }, RecoveryMode.Approve));
        bench.Look(Sample.HangsAlone).Pause(TimeSpan.FromHours(1));

        bench.Approve(CauseId.KubeletHung, Rung.RestartKubelet).LookFor(Sample.HangsAlone, TimeSpan.FromMinutes(70));

        Assert.DoesNotContain("Opened", bench.Told(), StringComparison.Ordinal);
        Assert.Null(bench.State.Approved);
    }

    [Fact]
    public void Approval_waits_for_a_cause_that_was_not_seen_yet()
    {
        var bench = new EngineBench(Sample.For(AtOnce with { Rungs = [Rung.RestartKubelet] }, RecoveryMode.Approve));

        bench.Approve(CauseId.KubeletHung, Rung.RestartKubelet).Look(Sample.IsWell).Look(Sample.HangsAlone).Done();

        Assert.StartsWith("Opened RestartKubelet", bench.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void Approval_stands_while_the_cause_cannot_be_seen_and_ends_with_it()
    {
        var bench = new EngineBench(Sample.For(AtOnce, RecoveryMode.Approve));
        bench.Look(Sample.HangsAlone).Approve(CauseId.KubeletHung, Rung.StopHungContainer).Look(Observations.None);
        Assert.NotNull(bench.State.Approved);

        bench.LookFor(Sample.IsWell, TimeSpan.FromSeconds(10));
        Assert.Null(bench.State.Approved);
    }

    [Fact]
    public void Approval_of_a_rung_that_is_not_the_causes_hastens_nothing()
    {
        var bench = new EngineBench(Sample.Settings);

        bench.Look(Sample.HangsAlone).Approve(CauseId.KubeletHung, Rung.MountVolume).Look(Sample.HangsAlone);

        Assert.Empty(bench.Journal);
    }

    [Fact]
    public void Rungs_own_mode_can_only_be_less_than_the_settings()
    {
        var rule = RungTable.Find(RungTable.Guard, Rung.Reprovision);
        var settings = new RecoverySettings([], RungTable.Guard);

        Assert.Equal(RecoveryMode.Advise, settings.ModeOf(rule));
        Assert.Equal(RecoveryMode.Approve, (settings with { Mode = RecoveryMode.Automatic }).ModeOf(rule));
    }

    [Fact]
    public void Nothing_is_begun_while_somebody_works()
    {
        var bench = new EngineBench(Sample.For(AtOnce));
        bench.Pause(TimeSpan.FromMinutes(10)).LookFor(Sample.HangsAlone, TimeSpan.FromMinutes(9));
        Assert.Empty(bench.Journal);

        bench.LookFor(Sample.HangsAlone, TimeSpan.FromMinutes(1));
        Assert.NotNull(bench.Order);
    }

    [Theory]
    [InlineData(-400)]
    [InlineData(400)]
    public void No_jump_of_the_clock_ends_a_pause_or_makes_it_longer(int days)
    {
        var bench = new EngineBench(Sample.For(AtOnce));
        bench.Pause(TimeSpan.FromMinutes(10)).Wall += TimeSpan.FromDays(days);

        bench.LookFor(Sample.HangsAlone, TimeSpan.FromMinutes(9));
        Assert.Empty(bench.Journal);

        bench.LookFor(Sample.HangsAlone, TimeSpan.FromMinutes(1));
        Assert.NotNull(bench.Order);
    }

    [Fact]
    public void Resume_ends_a_pause_at_once()
    {
        var bench = new EngineBench(Sample.For(AtOnce));
        bench.Pause(TimeSpan.FromHours(10)).Look(Sample.HangsAlone);

        bench.Tell(new RecoveryEvent.Resumed(bench.Now)).Look(Sample.HangsAlone);

        Assert.NotNull(bench.Order);
    }

    /// <summary>How often a rung is taken within a time in which nothing helps.</summary>
    private static int TakenWithin(EngineBench bench, TimeSpan time)
    {
        var from = bench.Journal.Count;
        for (var end = bench.Uptime + time; bench.Uptime < end;)
        {
            bench.Look(Sample.HangsAlone, TimeSpan.FromSeconds(20));
            if (bench.Order is not null)
            {
                bench.Done();
            }
        }

        return bench.Journal.Skip(from).Count(entry => entry.Kind == EntryKind.Opened);
    }
}
