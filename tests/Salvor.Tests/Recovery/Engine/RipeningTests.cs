using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Tests.Recovery.Engine;

/// <summary>When what is seen is believed.</summary>
public sealed class RipeningTests
{
    [Fact]
    public void Cause_waits_for_its_patience_though_every_look_shows_it()
    {
        var bench = new EngineBench(Sample.Settings);

        bench.Look(Sample.HangsAlone).LookFor(Sample.HangsAlone, TimeSpan.FromSeconds(8));
        Assert.Empty(bench.Journal);

        bench.Look(Sample.HangsAlone);
        Assert.Equal("Opened RestartKubelet", bench.Told());
    }

    [Theory]
    [InlineData("10101", true)]
    [InlineData("1010101", true)]
    [InlineData("100100101", true)]
    [InlineData("1001001001", false)]
    public void Cause_is_acted_on_when_enough_of_the_last_looks_show_it(string looks, bool isActedOn)
    {
        var cause = Sample.Hung with { Patience = TimeSpan.Zero };
        var bench = new EngineBench(Sample.For(cause with { Datapoints = 2, OutOf = 3 }));

        foreach (var look in looks)
        {
            if (bench.Order is null)
            {
                bench.Look(look == '1' ? Sample.HangsAlone : Sample.IsWell);
            }
        }

        Assert.Equal(isActedOn, bench.Order is not null);
    }

    [Fact]
    public void Looks_that_cannot_tell_neither_ripen_a_cause_nor_end_it()
    {
        var bench = new EngineBench(Sample.Settings);

        bench.Look(Sample.HangsAlone).LookFor(Observations.None, TimeSpan.FromMinutes(1));
        Assert.Empty(bench.Journal);
        Assert.Contains(CauseId.KubeletHung, bench.State.Standings);

        bench.Look(Sample.HangsAlone);
        Assert.Equal("Opened RestartKubelet", bench.Told());
    }

    [Fact]
    public void Looks_of_two_occasions_do_not_ripen_together()
    {
        var bench = new EngineBench(Sample.Settings);

        bench.Look(Sample.HangsAlone).LookFor(Observations.None, TimeSpan.FromMinutes(3)).Look(Sample.HangsAlone);
        Assert.Empty(bench.Journal);

        bench.LookFor(Sample.HangsAlone, TimeSpan.FromSeconds(10));
        Assert.Equal("Opened RestartKubelet", bench.Told());
    }

    [Fact]
    public void Cause_is_gone_after_three_looks_that_rule_it_out()
    {
        var bench = new EngineBench(Sample.Settings);

        bench.Look(Sample.HangsAlone).Look(Sample.IsWell).Look(Sample.IsWell);
        Assert.Contains(CauseId.KubeletHung, bench.State.Standings);

        bench.Look(Sample.IsWell);
        Assert.Empty(bench.State.Standings);
    }

    [Fact]
    public void Cause_that_is_away_for_a_few_close_looks_has_been_there_all_the_time()
    {
        var bench = new EngineBench(Sample.Settings).Look(Sample.HangsAlone);
        foreach (var second in Enumerable.Range(1, 6))
        {
            Assert.True(bench.State.Standings.ContainsKey(CauseId.KubeletHung), $"It was gone before second {second}.");
            bench.Look(Sample.IsWell, TimeSpan.FromSeconds(1));
        }

        Assert.Empty(bench.State.Standings);
    }

    [Fact]
    public void Cause_that_is_not_ripe_holds_back_what_may_follow_from_it()
    {
        var bench = new EngineBench(Sample.Settings);

        bench.Look(Sample.HangsAlone.And(Sample.IsDown));
        Assert.Empty(bench.Journal);

        bench.Look(Sample.IsDown.With(Sign.KubeletHealthy, isSo: true));
        Assert.Equal("Opened RemoveExitedContainers", bench.Told());
    }

    [Fact]
    public void Cause_about_which_nothing_can_be_done_holds_back_what_may_follow_from_it()
    {
        var bench = new EngineBench(Sample.Settings with { Causes = [Sample.Hung with { Rungs = [] }, Sample.Down] });

        bench.LookFor(Sample.HangsAlone.And(Sample.IsDown), TimeSpan.FromMinutes(2));

        Assert.Equal("Page", bench.Told());
    }

    [Fact]
    public void Cause_that_holds_nothing_back_lets_the_next_one_go_on()
    {
        var aside = Sample.Hung with { Rungs = [], HoldsBack = false };
        var bench = new EngineBench(Sample.Settings with { Causes = [aside, Sample.Down] });

        bench.Look(Sample.HangsAlone.And(Sample.IsDown));

        Assert.Equal("Opened RemoveExitedContainers", bench.Told());
    }

    [Fact]
    public void Harm_waits_for_what_cannot_be_seen()
    {
        var cause = Sample.Hung with { Rungs = [Rung.Reboot], Patience = TimeSpan.Zero };
        var bench = new EngineBench(Sample.For(cause));

        bench.LookFor(Sample.HangsPerhaps, TimeSpan.FromMinutes(2));
        Assert.Equal("Page", bench.Told());

        bench.Look(Sample.HangsAlone);
        Assert.Equal("Page Opened DisableAlarms", bench.Told());
    }

    [Fact]
    public void Approval_does_not_make_up_for_what_cannot_be_seen()
    {
        var cause = Sample.Hung with { Rungs = [Rung.Reboot], Patience = TimeSpan.Zero };
        var bench = new EngineBench(Sample.For(cause, RecoveryMode.Approve));

        bench.Look(Sample.HangsPerhaps).Approve(CauseId.KubeletHung, Rung.Reboot);
        bench.LookFor(Sample.HangsPerhaps, TimeSpan.FromMinutes(1));
        Assert.Null(bench.Order);

        bench.Look(Sample.HangsAlone);
        Assert.NotNull(bench.Order);
    }
}
