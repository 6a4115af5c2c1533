using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Tests.Recovery.Engine;

public sealed class ForesightTests
{
    private static readonly Moment Now = new(TimeSpan.FromHours(5), DateTimeOffset.UnixEpoch.AddDays(20_000));

    [Fact]
    public void All_is_well_means_nothing() =>
        Assert.Empty(Foresight.Of(Sample.Settings, EngineState.Empty, Sample.IsWell, Now));

    [Fact]
    public void The_least_harmful_rung_comes_first_whatever_the_mode()
    {
        foreach (var mode in Enum.GetValues<RecoveryMode>())
        {
            var one = Assert.Single(Foresight.Of(
                Sample.Settings with { Mode = mode }, EngineState.Empty, Sample.HangsAlone, Now));

            Assert.Equal((Rung.RestartKubelet, true), (one.Next?.Rung, one.IsByItself));
            Assert.Empty(one.WhyNot);
        }
    }

    [Fact]
    public void What_was_tried_lately_gives_way_to_the_next_rung()
    {
        var state = Taken((Rung.RestartKubelet, TimeSpan.FromMinutes(5)));

        var one = Assert.Single(Foresight.Of(Sample.Settings, state, Sample.HangsAlone, Now));

        Assert.Equal(Rung.Reboot, one.Next?.Rung);
    }

    [Fact]
    public void A_used_up_budget_is_told()
    {
        var cause = Sample.Hung with { Rungs = [Rung.RestartKubelet] };
        var minutes = Enumerable.Range(1, 4).Select(i => (Rung.RestartKubelet, TimeSpan.FromMinutes(10 * i)));

        var one = Assert.Single(Foresight.Of(Sample.For(cause), Taken([.. minutes]), Sample.HangsAlone, Now));

        Assert.Null(one.Next);
        Assert.Contains("was taken 4 times within 1 hours", Assert.Single(one.WhyNot));
    }

    [Fact]
    public void What_would_harm_waits_for_what_cannot_be_seen()
    {
        var cause = Sample.Hung with { Rungs = [Rung.RecoverData] };

        var one = Assert.Single(Foresight.Of(Sample.For(cause), EngineState.Empty, Sample.HangsPerhaps, Now));

        Assert.Equal((null, Certainty.Likely), (one.Next, one.Finding.Certainty));
        Assert.Contains("can't be seen", Assert.Single(one.WhyNot));
    }

    [Fact]
    public void It_is_the_rung_that_the_engine_takes()
    {
        // Rungs of one step, so that each order is another rung's.
        var cause = Sample.Hung with { Rungs = [Rung.RestartKubelet, Rung.StopHungContainer] };
        var settings = Sample.For(cause);
        var bench = new EngineBench(settings);
        for (var round = 0; round < 3; round++)
        {
            var foreseen = Foresight.Of(settings, bench.State, Sample.HangsAlone, bench.Now)[0].Next;
            for (var looks = 0; bench.Order is null && looks < 1000; looks++)
            {
                bench.Look(Sample.HangsAlone);
            }

            Assert.Equal(foreseen?.Rung, bench.Order?.Rung);
            bench.Done();
        }
    }

    private static EngineState Taken(params (Rung Rung, TimeSpan Ago)[] taken) => EngineState.Empty with
    {
        Taken = [.. taken.Select(one => new TakenRung(CauseId.KubeletHung, one.Rung, Now.Uptime - one.Ago)).Reverse()],
    };
}
