using Salvor.Node.Identity;
using Salvor.Recovery.Gate;

namespace Salvor.Tests.Recovery.Gate;

/// <summary>Every combination of facts, held against what must be true whatever the rules are.</summary>
public sealed class GateRulesTests
{
    private static readonly GateFacts AllWell = new()
    {
        Manifest = ManifestPlace.InPlace,
        IsInScope = true,
        Etcd = EtcdPresence.NotRunning,
        Data = DataState.Good,
        Mount = MountState.Expected,
        Timeline = TimelineState.Ours,
        IsStamped = true,
        Switch = GateSwitch.On,
    };

    /// <summary>
    /// The promised table, row by row: repository reachable or not, data, etcd running or not, our timeline the newest
    /// or not. Of an unreachable repository nobody knows the timeline, so both rows are one.
    /// </summary>
    public static TheoryData<bool, DataState, bool, bool, GateDecision> Table => new()
    {
        // reachable, data, running, newer timeline, decision
        { true, DataState.Good, false, false, GateDecision.Pass },
        { true, DataState.Good, false, true, GateDecision.Hold },
        { true, DataState.Good, true, false, GateDecision.Report },
        { true, DataState.Good, true, true, GateDecision.Report },
        { true, DataState.Empty, false, false, GateDecision.Hold },
        { true, DataState.Empty, false, true, GateDecision.Hold },
        { true, DataState.Empty, true, false, GateDecision.Report },
        { true, DataState.Empty, true, true, GateDecision.Report },
        { true, DataState.Foreign, false, false, GateDecision.Hold },
        { true, DataState.Foreign, false, true, GateDecision.Hold },
        { true, DataState.Foreign, true, false, GateDecision.Report },
        { true, DataState.Foreign, true, true, GateDecision.Report },
        { true, DataState.Torn, false, false, GateDecision.Hold },
        { true, DataState.Torn, false, true, GateDecision.Hold },
        { true, DataState.Torn, true, false, GateDecision.Report },
        { true, DataState.Torn, true, true, GateDecision.Report },
        { false, DataState.Good, false, false, GateDecision.Pass },
        { false, DataState.Good, true, false, GateDecision.Report },
        { false, DataState.Empty, false, false, GateDecision.Hold },
        { false, DataState.Empty, true, false, GateDecision.Report },
        { false, DataState.Foreign, false, false, GateDecision.Hold },
        { false, DataState.Foreign, true, false, GateDecision.Report },
        { false, DataState.Torn, false, false, GateDecision.Hold },
        { false, DataState.Torn, true, false, GateDecision.Report },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void The_table_holds(bool isReachable, DataState data, bool isRunning, bool isNewer, GateDecision decision)
    {
        var facts = AllWell with
        {
            Data = data,
            Etcd = isRunning ? EtcdPresence.Running : EtcdPresence.NotRunning,
            Timeline = !isReachable ? TimelineState.Unreachable : isNewer ? TimelineState.Newer : TimelineState.Ours,
        };

        Assert.Equal(decision, GateRules.Judge(facts).Decision);
    }

    [Fact]
    public void The_table_has_every_row()
    {
        var rows = Table.Select(row => (row.Data.Item1, row.Data.Item2, row.Data.Item3, row.Data.Item4)).ToHashSet();

        foreach (var data in (DataState[])[DataState.Good, DataState.Empty, DataState.Foreign, DataState.Torn])
        {
            foreach (var isRunning in (bool[])[false, true])
            {
                Assert.Contains((true, data, isRunning, false), rows);
                Assert.Contains((true, data, isRunning, true), rows);
                Assert.Contains((false, data, isRunning, false), rows);
            }
        }

        Assert.Equal(24, rows.Count);
    }

    [Fact]
    public void A_manifest_is_held_only_where_it_is_in_place_etcd_is_down_and_the_glass_is_whole() =>
        ForAll((facts, verdict) => verdict.Decision != GateDecision.Hold
            || (facts is { Manifest: ManifestPlace.InPlace, IsInScope: true, Switch: GateSwitch.On }
                && facts.Etcd == EtcdPresence.NotRunning));

    [Fact]
    public void Every_hold_has_a_reason_and_no_pass_has_one() =>
        ForAll((_, verdict) => verdict.Decision switch
        {
            GateDecision.Hold => !verdict.Concerns.IsEmpty,
            GateDecision.Pass or GateDecision.NothingToGuard => verdict.Concerns.IsEmpty,
            _ => true,
        });

    [Fact]
    public void Good_data_on_its_volume_starts_unless_a_newer_timeline_is_known() =>
        ForAll((facts, verdict) => facts.Data != DataState.Good || facts.Timeline == TimelineState.Newer
            || facts.Mount is MountState.Missing or MountState.Other || verdict.Concerns.IsEmpty);

    [Fact]
    public void Foreign_torn_and_unreadable_data_never_passes() =>
        ForAll((facts, verdict) => !IsJudged(facts)
            || facts.Data is not (DataState.Foreign or DataState.Torn or DataState.Unreadable)
            || verdict.Decision != GateDecision.Pass);

    [Fact]
    public void An_empty_directory_passes_only_where_nobody_ever_knew_of_data() =>
        ForAll((facts, verdict) => !IsJudged(facts) || facts.Data != DataState.Empty
            || verdict.Decision != GateDecision.Pass
            || (facts is { IsStamped: false, Timeline: TimelineState.NoRepository or TimelineState.Empty }));

    [Fact]
    public void A_new_node_starts() => Assert.Equal(GateDecision.Pass, GateRules.Judge(
        AllWell with { Data = DataState.Empty, IsStamped = false, Timeline = TimelineState.Empty }).Decision);

    [Fact]
    public void A_newer_timeline_or_a_missing_volume_never_passes() =>
        ForAll((facts, verdict) => !IsJudged(facts) || verdict.Decision != GateDecision.Pass
            || (facts.Timeline != TimelineState.Newer && facts.Mount is not (MountState.Missing or MountState.Other)));

    [Fact]
    public void A_repository_that_fails_is_never_worse_for_good_data_than_one_that_is_not_there() =>
        ForAll((facts, verdict) => facts.Data != DataState.Good || facts.Timeline != TimelineState.Unreachable
            || verdict.Decision == GateRules.Judge(facts with { Timeline = TimelineState.NoRepository }).Decision);

    [Fact]
    public void What_is_held_stays_held_until_somebody_releases_it() =>
        ForAll((facts, verdict) => facts.Manifest != ManifestPlace.Held || !facts.IsInScope
            || verdict.Decision == GateDecision.Held);

    private static bool IsJudged(GateFacts facts) =>
        facts is { Manifest: ManifestPlace.InPlace, IsInScope: true, Etcd: EtcdPresence.NotRunning };

    private static void ForAll(Func<GateFacts, GateVerdict, bool> holds)
    {
        var count = 0;
        foreach (var facts in Combinations())
        {
            var verdict = GateRules.Judge(facts);
            Assert.True(holds(facts, verdict),
                $"{facts} gives {verdict.Decision}, {string.Join(",", verdict.Concerns)}");
            count++;
        }

        Assert.Equal(3 * 2 * 3 * 6 * 4 * 8 * 2 * 3, count);
    }

    private static IEnumerable<GateFacts> Combinations() =>
        from manifest in Enum.GetValues<ManifestPlace>()
        from isInScope in (bool[])[true, false]
        from etcd in Enum.GetValues<EtcdPresence>()
        from data in Enum.GetValues<DataState>()
        from mount in Enum.GetValues<MountState>()
        from timeline in Enum.GetValues<TimelineState>()
        from isStamped in (bool[])[true, false]
        from glass in Enum.GetValues<GateSwitch>()
        select new GateFacts
        {
            Manifest = manifest,
            IsInScope = isInScope,
            Etcd = etcd,
            Data = data,
            Mount = mount,
            Timeline = timeline,
            IsStamped = isStamped,
            Switch = glass,
        };
}
