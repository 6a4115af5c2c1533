using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Tests.Recovery.Diagnosis;

/// <summary>What holds of every row of the tables of causes.</summary>
public sealed class CauseTableTests
{
    private static readonly Cause[] All = [.. AgentCauses.All, .. GuardCauses.All];

    public static TheoryData<CauseId> Ids => [.. All.Select(cause => cause.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Cause_is_found_from_its_required_signs_alone(CauseId id)
    {
        var cause = Find(id);

        var finding = Assert.Single(Diagnostician.Diagnose([cause], Required(cause)));

        Assert.Equal(cause.Excluding.IsEmpty ? Certainty.Certain : Certainty.Likely, finding.Certainty);
        Assert.Equal(cause.Excluding.Select(clue => clue.Sign), finding.Unseen);
        Assert.Equal(cause.Required.Length, finding.Evidence.Length);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Cause_is_certain_once_nothing_that_speaks_against_it_is_left_unseen(CauseId id)
    {
        var cause = Find(id);
        var seen = cause.Excluding.Aggregate(Required(cause), (look, clue) => look.With(clue.Sign, Opposite(clue)));

        var finding = Assert.Single(Diagnostician.Diagnose([cause], seen));

        Assert.Equal(Certainty.Certain, finding.Certainty);
        Assert.Empty(finding.Unseen);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Each_excluding_sign_rules_the_cause_out(CauseId id)
    {
        var cause = Find(id);
        foreach (var clue in cause.Excluding)
        {
            var seen = Required(cause).With(clue.Sign, clue.Truth);
            Assert.Empty(Diagnostician.Diagnose([cause], seen));
            Assert.True(Diagnostician.IsRuledOut(cause, seen), $"{clue} does not rule {id} out.");
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Cause_is_not_concluded_without_each_required_sign_and_ruled_out_only_by_its_opposite(CauseId id)
    {
        var cause = Find(id);
        foreach (var clue in cause.Required)
        {
            var unseen = Required(cause).With(clue.Sign, Truth.Unknown);
            Assert.Empty(Diagnostician.Diagnose([cause], unseen));
            Assert.False(Diagnostician.IsRuledOut(cause, unseen), $"{clue} unseen rules {id} out.");

            var opposite = Required(cause).With(clue.Sign, Opposite(clue));
            Assert.Empty(Diagnostician.Diagnose([cause], opposite));
            Assert.True(Diagnostician.IsRuledOut(cause, opposite), $"{clue}'s opposite does not rule {id} out.");
        }
    }

    [Fact]
    public void Nothing_is_found_where_nothing_is_known()
    {
        Assert.Empty(Diagnostician.Diagnose(AgentCauses.All, Observations.None));
        Assert.Empty(Diagnostician.Diagnose(GuardCauses.All, Observations.None));
    }

    [Fact]
    public void Every_cause_is_in_one_table_once() =>
        Assert.Equal(Enum.GetValues<CauseId>(), All.Select(cause => cause.Id).Order());

    [Fact]
    public void Every_rung_has_one_rule_and_every_rule_has_a_cause()
    {
        RungRule[] rules = [.. RungTable.Agent, .. RungTable.Guard];
        Assert.Equal(Enum.GetValues<Rung>(), rules.Select(rule => rule.Rung).Order());
        Assert.Equal(AgentCauses.All.SelectMany(cause => cause.Rungs).Distinct().Order(),
            RungTable.Agent.Select(rule => rule.Rung).Order());
        Assert.Equal(GuardCauses.All.SelectMany(cause => cause.Rungs).Distinct().Order(),
            RungTable.Guard.Select(rule => rule.Rung).Order());
    }

    [Fact]
    public void Every_sign_tells_some_cause_from_another()
    {
        var used = All.SelectMany(cause => cause.Required.Concat(cause.Excluding).Concat(cause.Supporting))
            .Select(clue => clue.Sign).Distinct().Order();
        Assert.Equal(Enum.GetValues<Sign>(), used);
    }

    [Fact]
    public void Every_step_is_some_rungs_or_takes_one_back()
    {
        RungRule[] rules = [.. RungTable.Agent, .. RungTable.Guard];
        var used = rules.SelectMany(rule => rule.Steps.Concat(rule.Undo.Select(undo => undo.Undo))).Distinct().Order();
        Assert.Equal(Enum.GetValues<StepKind>(), used);
    }

    [Fact]
    public void Rules_name_only_steps_that_they_have()
    {
        foreach (var rule in RungTable.Agent.Concat(RungTable.Guard))
        {
            Assert.Equal(rule.Steps.Length, rule.Steps.Distinct().Count());
            Assert.All(rule.LookBefore, step => Assert.Contains(step, rule.Steps));
            Assert.All(rule.Undo, undo => Assert.Contains(undo.Step, rule.Steps));
            Assert.True(rule.NoReturnFrom is not { } edge || rule.Steps.Contains(edge));
            Assert.True(rule.Harm < Harm.Data || !rule.LookBefore.IsEmpty, $"{rule.Rung} hurts without a last look.");
        }
    }

    [Fact]
    public void Causes_windows_fit_into_what_is_remembered() =>
        Assert.All(All, cause => Assert.InRange(cause.Datapoints, 1, Math.Min(cause.OutOf, 31)));

    private static Cause Find(CauseId id) => All.Single(cause => cause.Id == id);

    private static Observations Required(Cause cause) =>
        cause.Required.Aggregate(Observations.None, (look, clue) => look.With(clue.Sign, clue.Truth));

    private static Truth Opposite(Clue clue) => clue.Truth == Truth.Yes ? Truth.No : Truth.Yes;
}
