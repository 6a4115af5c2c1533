using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Tests.Recovery.Engine;

/// <summary>An engine that is killed after any entry of its journal, and another one that goes on from it.</summary>
public sealed class ResumptionTests
{
    public static TheoryData<Rung> Rungs => [.. Enum.GetValues<Rung>()];

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Killed_after_any_entry_it_ends_with_the_same_steps_done(Rung rung)
    {
        var whole = RunToEnd(new EngineBench(Sample.For(rung)), failing: null);
        Assert.EndsWith("Closed(Done)", whole.Told(), StringComparison.Ordinal);

        for (var entries = 1; entries < whole.Journal.Count; entries++)
        {
            var resumed = RunToEnd(whole.Resume(entries), failing: null);

            Assert.Equal(StepsDone(whole), StepsDone(resumed));
            Assert.Equal(Proof.All, ProofsOf(resumed));
            Assert.EndsWith("Closed(Done)", resumed.Told(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Killed_after_any_entry_while_a_step_fails_it_ends_as_it_would_have(Rung rung)
    {
        foreach (var failing in RungTable.Find(Sample.Rungs, rung).Steps)
        {
            // What can't be done past the activation is tried for ever: it has no end to compare.
            var whole = RunToEnd(new EngineBench(Sample.For(rung)), failing);
            for (var entries = 1; entries < whole.Journal.Count && whole.State.Plan is null; entries++)
            {
                var resumed = RunToEnd(whole.Resume(entries), failing);

                Assert.Equal(StepsDone(whole), StepsDone(resumed));
                Assert.Equal(whole.Journal[^1].Result, resumed.Journal[^1].Result);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Killed_after_every_single_entry_it_ends_all_the_same(Rung rung)
    {
        var bench = new EngineBench(Sample.For(rung)).Look(Sample.HangsAlone);
        for (var turns = 0; bench.State.Plan is not null; turns++)
        {
            Assert.True(turns < 200, $"It goes round in circles: {bench.Told()}");
            bench = bench.Resume(bench.Journal.Count).Look(Sample.HangsAlone);
            _ = bench.Order is null ? bench : bench.Done(Proof.All);
        }

        Assert.EndsWith("Closed(Done)", bench.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_that_was_resumed_still_needs_its_cause_to_be_seen()
    {
        var bench = new EngineBench(Sample.For(Rung.Reboot)).Look(Sample.HangsAlone).Done().Look(Sample.HangsAlone);
        var resumed = bench.Resume(3);

        resumed.Look(Sample.IsWell).Done();

        Assert.EndsWith("TakingBack EnableAlarms =Done Closed(Failed)", resumed.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void Begun_step_of_no_return_is_gone_on_with_after_a_crash_though_the_cause_is_gone()
    {
        var bench = new EngineBench(Sample.For(Rung.Reboot)).Look(Sample.HangsAlone).Done().Look(Sample.HangsAlone);
        Assert.Equal("Opened DisableAlarms =Done RebootMachine", bench.Told());

        var resumed = RunToEnd(bench.Resume(4), failing: null, Sample.IsWell);

        Assert.EndsWith("Closed(Done)", resumed.Told(), StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_that_were_begun_before_count()
    {
        var bench = new EngineBench(Sample.For(Rung.Reboot)).Look(Sample.HangsAlone).Done().Look(Sample.HangsAlone)
            .Done();
        Assert.EndsWith("RebootMachine =Done AwaitMachine", bench.Told(), StringComparison.Ordinal);

        for (var leader = 0; leader < 2; leader++)
        {
            bench = bench.Resume(bench.Journal.Count).Look(Sample.HangsAlone); // Nobody told how the wait before ended.
        }

        bench.End(StepReport.Failed("it does not answer"));
        Assert.Equal(StepKind.EnableAlarms, bench.Order?.Step);
    }

    [Fact]
    public void Proofs_come_from_the_journal()
    {
        var whole = RunToEnd(new EngineBench(Sample.For(Rung.Reprovision)), failing: null);
        var confirmed = whole.Journal.FindIndex(entry => entry is
        { Kind: EntryKind.Outcome, Step: StepKind.ConfirmStopped });
        whole.Journal[confirmed] = whole.Journal[confirmed] with { Proofs = Proof.None };
        for (var i = 0; i < confirmed; i++)
        {
            whole.Journal[i] = whole.Journal[i] with { Proofs = whole.Journal[i].Proofs & ~Proof.Stopped };
        }

        var resumed = whole.Resume(confirmed + 1).Look(Sample.HangsAlone);

        Assert.Equal(StepKind.UnfenceMachine, resumed.Order?.Step);
    }

    [Fact]
    public void Entries_of_plans_and_rungs_that_are_not_known_are_passed_over()
    {
        var settings = Sample.For(Rung.Reboot) with { Rungs = RungTable.Agent };
        var bench = new EngineBench(Sample.For(Rung.Reboot)).Look(Sample.HangsAlone).Done();

        Assert.Null(Resumption.From([.. bench.Journal], settings, bench.Now).Plan);
        Assert.Null(Resumption.From([.. bench.Journal.Skip(1)], Sample.For(Rung.Reboot), bench.Now).Plan);
        Assert.Null(Resumption.From(
            [.. bench.Journal], Sample.For(Rung.Reboot) with { Causes = [Sample.Down] }, bench.Now).Plan);
    }

    [Fact]
    public void Entries_that_no_salvor_can_have_written_are_not_sane()
    {
        var entry = new JournalEntry
        {
            Kind = EntryKind.Outcome,
            At = DateTimeOffset.UnixEpoch,
            PlanId = "p",
            Cause = CauseId.EtcdDown,
            Rung = Rung.Reboot,
            Step = StepKind.RebootMachine,
            Result = StepResult.Done,
        };
        Assert.True(entry.IsSane);
        JournalEntry[] insane =
        [
            entry with { Kind = (EntryKind)99 },
            entry with { Cause = (CauseId)(-1) },
            entry with { Rung = (Rung)99 },
            entry with { Step = (StepKind)999 },
            entry with { Result = (StepResult)7 },
            entry with { Proofs = (Proof)16 },
            entry with { PlanId = "" },
            entry with { PlanId = new string('p', 65) },
            entry with { Text = new string('t', 5000) },
            entry with { Rung = null },
            entry with { Step = null },
            entry with { Result = null },
            entry with { Kind = EntryKind.Opened, Rung = null },
            entry with { Kind = EntryKind.Closed, Rung = null },
            entry with { Kind = EntryKind.TakingBack, Rung = null },
            entry with { Kind = EntryKind.Intent, Step = null },
        ];
        Assert.All(insane, e => Assert.False(e.IsSane, $"{e} is taken for sane."));
    }

    [Fact]
    public void Text_is_cut_to_what_an_entry_holds()
    {
        var text = JournalEntry.Fit(new string('t', 100_000));

        Assert.EndsWith("t...", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1000, 4096);
        Assert.Equal("short", JournalEntry.Fit("short"));
    }

    /// <summary>Looks and ends steps until no plan is open; one step of it can't be done.</summary>
    private static EngineBench RunToEnd(EngineBench bench, StepKind? failing, Observations? seen = null)
    {
        for (var turns = 0; turns < 60; turns++)
        {
            if (bench.Order is { } order)
            {
                var isUndo = bench.State.Plan!.IsUndo;
                bench.End(order.Step == failing && !isUndo
                    ? StepReport.Refused("it can't be done")
                    : StepReport.Done(proofs: Proof.All));
            }
            else if (turns == 0 || bench.State.Plan is not null)
            {
                bench.Look(seen ?? Sample.HangsAlone, TimeSpan.FromSeconds(61));
            }
            else
            {
                break;
            }
        }

        return bench;
    }

    private static IEnumerable<string> StepsDone(EngineBench bench) => bench.Journal
        .Where(entry => entry is { Kind: EntryKind.Outcome, Result: StepResult.Done })
        .Select(entry => $"{entry.Step}");

    private static Proof ProofsOf(EngineBench bench) =>
        bench.Journal.Aggregate(Proof.None, (proofs, entry) => proofs | entry.Proofs);
}
