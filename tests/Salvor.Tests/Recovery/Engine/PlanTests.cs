using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Tests.Recovery.Engine;

/// <summary>How a plan goes on, is taken back, and ends.</summary>
public sealed class PlanTests
{
    private const Proof AllButStopped = Proof.Claimed | Proof.Verified | Proof.CutOff;

    [Fact]
    public void Step_that_hurts_a_healthy_cluster_waits_for_a_fresh_look()
    {
        var bench = new EngineBench(Sample.For(Rung.Reboot)).Look(Sample.HangsAlone).Done();
        Assert.Null(bench.Order);

        bench.Look(Sample.HangsAlone);

        Assert.Equal("Opened DisableAlarms =Done RebootMachine", bench.Told());
    }

    [Fact]
    public void Plan_whose_cause_is_gone_is_taken_back_and_is_no_try()
    {
        var bench = new EngineBench(Sample.For(Rung.Reboot)).Look(Sample.HangsAlone).Done().Look(Sample.IsWell).Done();

        Assert.Equal(
            "Opened DisableAlarms =Done TakingBack EnableAlarms =Done Closed(Failed)", bench.Told());
        Assert.Equal(0, bench.State.Standings.Values.Single().Tried);
        Assert.Empty(bench.State.Taken);
    }

    [Fact]
    public void Plan_that_was_taken_up_anew_waits_until_its_cause_is_seen_as_often_as_when_it_was_opened()
    {
        var settings = Sample.For(Sample.Hung with
        {
            Rungs = [Rung.Reboot],
            Excluding = [],
            Datapoints = 3,
            OutOf = 3,
            Patience = TimeSpan.Zero,
        });
        var first = new EngineBench(settings).LookFor(Sample.HangsAlone, TimeSpan.FromSeconds(6)).Done();
        Assert.Equal("Opened DisableAlarms =Done", first.Told());

        var second = first.Resume(first.Journal.Count).Look(Sample.HangsAlone).Look(Sample.HangsAlone);
        Assert.Null(second.Order);

        second.Look(Sample.HangsAlone);
        Assert.Equal(StepKind.RebootMachine, second.Order?.Step);
    }

    [Fact]
    public void Budget_counts_from_the_step_that_hurts()
    {
        var bench = new EngineBench(Sample.For(Rung.Reboot)).Look(Sample.HangsAlone);
        var opened = bench.Uptime;
        bench.Wait(TimeSpan.FromHours(1.5)).Done().Look(Sample.HangsAlone);
        Assert.Equal(StepKind.RebootMachine, bench.Order?.Step);

        Assert.True(bench.State.Taken.Single().At - opened >= TimeSpan.FromHours(1.5));
        var resumed = bench.Resume(bench.Journal.Count);
        Assert.Equal(bench.State.Taken.Single().At - bench.Uptime, resumed.State.Taken.Single().At - resumed.Uptime);
    }

    [Fact]
    public void Plan_whose_cause_cannot_be_seen_any_more_waits_and_is_taken_back()
    {
        var bench = new EngineBench(Sample.For(Rung.Reboot)).Look(Sample.HangsAlone).Done();

        bench.LookFor(Observations.None, TimeSpan.FromSeconds(298));
        Assert.Null(bench.Order);

        bench.LookFor(Observations.None, TimeSpan.FromSeconds(6));
        Assert.Equal(StepKind.EnableAlarms, bench.Order?.Step);
    }

    [Fact]
    public void Pause_takes_a_plan_back_before_its_step_of_no_return()
    {
        var bench = new EngineBench(Sample.For(Rung.StopStart)).Look(Sample.HangsAlone);

        bench.Pause(TimeSpan.FromHours(1)).Done().Look(Sample.HangsAlone).Done();

        Assert.Equal("Opened DisableAlarms =Done TakingBack EnableAlarms =Done Closed(Failed)", bench.Told());
    }

    [Fact]
    public void Past_its_step_of_no_return_neither_a_pause_nor_a_recovery_stops_a_plan()
    {
        var bench = new EngineBench(Sample.For(Rung.StopStart)).Look(Sample.HangsAlone).Done().Done();
        bench.Look(Sample.HangsAlone);
        Assert.Equal(StepKind.StopMachine, bench.Order?.Step);

        bench.Pause(TimeSpan.FromHours(1));
        while (bench.State.Plan is not null)
        {
            _ = bench.Order is null ? bench.Look(Sample.IsWell) : bench.Done();
        }

        Assert.EndsWith("StopMachine =Done ConfirmStopped =Done StartMachine =Done AwaitMachine =Done "
            + "EnableAlarms =Done Closed(Done)", bench.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void Step_that_fails_three_times_has_its_plan_taken_back()
    {
        var bench = new EngineBench(Sample.For(Rung.StopStart)).Look(Sample.HangsAlone).Done();
        for (var i = 0; i < 3; i++)
        {
            FailAndLook(bench, TimeSpan.FromSeconds(20));
        }

        bench.Done();
        Assert.Equal("Opened DisableAlarms =Done VerifyBackup =Failed VerifyBackup =Failed VerifyBackup =Failed "
            + "TakingBack EnableAlarms =Done Closed(Failed)", bench.Told());
        Assert.Equal(1, bench.State.Standings.Values.Single().Tried);
    }

    [Fact]
    public void Refused_step_has_its_plan_taken_back_at_once()
    {
        var bench = new EngineBench(Sample.For(Rung.StopStart)).Look(Sample.HangsAlone).Done();

        bench.End(StepReport.Refused("no")).Done();

        Assert.EndsWith(
            "=Refused TakingBack EnableAlarms =Done Closed(Failed)", bench.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void Past_return_a_step_is_tried_until_it_succeeds_and_a_person_is_told_once()
    {
        var bench = new EngineBench(Sample.For(Rung.StopStart)).Look(Sample.HangsAlone).Done().Done();
        bench.Look(Sample.HangsAlone).Done().Done();
        Assert.Equal(StepKind.StartMachine, bench.Order?.Step);
        for (var i = 0; i < 20; i++)
        {
            FailAndLook(bench, TimeSpan.FromMinutes(2));
        }

        Assert.Single(bench.Journal, entry => entry.Kind == EntryKind.Page);
        bench.Done().Done().Done();
        Assert.EndsWith("Closed(Done)", bench.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void Tries_are_further_and_further_apart_up_to_a_minute()
    {
        var bench = new EngineBench(Sample.For(Rung.StopStart)).Look(Sample.HangsAlone).Done().Done();
        bench.Look(Sample.HangsAlone);
        double[] expected = [2, 4, 8, 16, 32, 60, 60];
        foreach (var wait in expected)
        {
            bench.End(StepReport.Failed("not now"));
            bench.Look(Sample.HangsAlone, TimeSpan.FromSeconds(wait - 0.5));
            Assert.Null(bench.Order);
            bench.Look(Sample.HangsAlone, TimeSpan.FromSeconds(0.5));
            Assert.NotNull(bench.Order);
        }
    }

    [Fact]
    public void Step_of_no_return_that_is_refused_did_nothing_and_is_taken_back()
    {
        var bench = new EngineBench(Sample.For(Rung.Reboot)).Look(Sample.HangsAlone).Done().Look(Sample.HangsAlone);

        bench.End(StepReport.Refused("it is terminated")).Done();

        Assert.EndsWith("RebootMachine =Refused TakingBack EnableAlarms =Done Closed(Failed)", bench.Told(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Wait_that_brings_nothing_does_not_hold_up_the_plan()
    {
        var bench = new EngineBench(Sample.For(Rung.Reboot)).Look(Sample.HangsAlone).Done().Look(Sample.HangsAlone);
        bench.Done();
        for (var i = 0; i < 3; i++)
        {
            FailAndLook(bench, TimeSpan.FromMinutes(1));
        }

        bench.Done();
        Assert.EndsWith(
            "AwaitMachine =Failed EnableAlarms =Done Closed(Failed)", bench.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void Undo_that_is_refused_is_passed_over_and_one_that_fails_is_tried_on()
    {
        var bench = AtActivation(Proof.All);
        bench.End(StepReport.Refused("the claim was taken back"));
        Assert.Equal(StepKind.UnfenceMachine, bench.Order?.Step);
        for (var i = 0; i < 10; i++)
        {
            FailAndLook(bench, TimeSpan.FromMinutes(2));
        }

        bench.End(StepReport.Refused("there is no tag")).Done().Done().Done();

        Assert.EndsWith("UnfenceMachine =Refused StartMachine =Done EnableAlarms =Done WithdrawClaim =Done "
            + "Closed(Failed)", bench.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_begun_is_not_undone()
    {
        var bench = new EngineBench(Sample.For(Rung.Reprovision)).Look(Sample.HangsAlone).Done(Proof.Claimed);

        bench.End(StepReport.Refused("no verified snapshot")).Done();

        Assert.Equal("Opened ClaimTimeline =Done VerifyBackup =Refused TakingBack WithdrawClaim =Done Closed(Failed)",
            bench.Told());
    }

    [Fact]
    public void Second_control_plane_is_activated_with_all_four_proofs()
    {
        var bench = AtActivation(Proof.All);

        Assert.Equal(StepKind.ActivateTimeline, bench.Order?.Step);
    }

    [Theory]
    [InlineData(Proof.All & ~Proof.Claimed)]
    [InlineData(AllButStopped)]
    [InlineData(Proof.All & ~Proof.Verified)]
    [InlineData(Proof.All & ~Proof.CutOff)]
    [InlineData(Proof.None)]
    public void No_second_control_plane_is_activated_without_each_proof(Proof proofs)
    {
        var bench = AtActivation(proofs);

        Assert.Equal(StepKind.UnfenceMachine, bench.Order?.Step);
        bench.Done().Done().Done().Done();
        Assert.EndsWith("TakingBack UnfenceMachine =Done StartMachine =Done EnableAlarms =Done WithdrawClaim =Done "
            + "Closed(Failed)", bench.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void Once_activated_a_second_control_plane_is_gone_on_with_even_when_refused()
    {
        var bench = AtActivation(Proof.All).Done();
        Assert.Equal(StepKind.LaunchMachine, bench.Order?.Step);

        bench.End(StepReport.Refused("no such image")).Look(Sample.IsWell, TimeSpan.FromMinutes(2));

        Assert.Equal(StepKind.LaunchMachine, bench.Order?.Step);
    }

    [Theory]
    [InlineData(Truth.Unknown, null)]
    [InlineData(Truth.No, StepKind.ReleaseEtcd)]
    public void Etcd_is_let_go_only_while_no_newer_timeline_is_active(Truth newer, StepKind? next)
    {
        var bench = new EngineBench(Sample.For(Rung.RecoverData)).Look(Sample.HangsAlone).Done().Done().Done().Done();
        Assert.Null(bench.Order);

        bench.LookFor(Sample.IsWell.With(Sign.NewerTimelineActive, newer), TimeSpan.FromMinutes(10));

        Assert.Equal(next, bench.Order?.Step);
        Assert.NotNull(bench.State.Plan);
    }

    [Fact]
    public void A_person_is_told_once_when_it_can_t_be_seen_whether_etcd_may_be_let_go()
    {
        var bench = new EngineBench(Sample.For(Rung.RecoverData)).Look(Sample.HangsAlone).Done().Done().Done().Done();
        var blind = Sample.IsWell.With(Sign.NewerTimelineActive, Truth.Unknown);

        bench.LookFor(blind, TimeSpan.FromMinutes(4));
        Assert.True(bench.State.IsAlert);
        bench.LookFor(blind, TimeSpan.FromMinutes(20));

        Assert.Contains("can't be seen", Assert.Single(bench.Journal, e => e.Kind == EntryKind.Page).Text,
            StringComparison.Ordinal);
        Assert.False(bench.State.IsAlert);
        bench.Look(Sample.IsWell.With(Sign.NewerTimelineActive, isSo: false));
        Assert.Equal(StepKind.ReleaseEtcd, bench.Order?.Step);
        bench.Done();
        Assert.True(bench.State.IsAlert);
    }

    [Fact]
    public void Etcd_stays_held_once_a_newer_timeline_is_active()
    {
        var bench = new EngineBench(Sample.For(Rung.RecoverData)).Look(Sample.HangsAlone).Done().Done().Done().Done();

        bench.Look(Sample.IsWell.With(Sign.NewerTimelineActive, isSo: true));

        Assert.EndsWith("BeginTimeline =Done TakingBack Closed(Failed)", bench.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void End_of_a_step_of_another_plan_changes_nothing()
    {
        var bench = new EngineBench(Sample.For(Rung.Reboot)).Look(Sample.HangsAlone);
        var told = bench.Told();

        bench.Tell(new RecoveryEvent.StepEnded(
            bench.Now, bench.Order! with { PlanId = "another" }, StepReport.Done()));

        Assert.Equal(told, bench.Told());
    }

    /// <summary>A plan of re-provisioning right after the old machine was proven stopped, as far as it was.</summary>
    private static EngineBench AtActivation(Proof proofs)
    {
        var bench = new EngineBench(Sample.For(Rung.Reprovision)).Look(Sample.HangsAlone);
        bench.Done(proofs & Proof.Claimed).Done(proofs & Proof.Verified).Done().Look(Sample.HangsAlone);
        bench.Done(proofs & Proof.CutOff).Look(Sample.HangsAlone).Done();
        Assert.Equal(StepKind.ConfirmStopped, bench.Order?.Step);
        return bench.Done(proofs & Proof.Stopped);
    }

    private static void FailAndLook(EngineBench bench, TimeSpan wait)
    {
        bench.End(StepReport.Failed("not now"));
        if (bench.Order is null)
        {
            bench.Look(Sample.HangsAlone, wait);
        }
    }
}
