using Salvor.Errors;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Ladder;
using Salvor.Tests.Recovery.Engine;

namespace Salvor.Tests.Recovery.Driver;

public sealed class RecoveryDriverTests
{
    private readonly DriverBench _bench = new(Sample.For(Rung.Reboot)) { Seen = Sample.HangsAlone };

    [Fact]
    public async Task Each_intent_is_journaled_before_its_deed_and_each_outcome_after()
    {
        await _bench.TurnAsync();
        await _bench.TurnAsync();

        Assert.Equal(
        [
            "Opened", "Intent DisableAlarms", "do DisableAlarms", "Outcome DisableAlarms",
            "Intent RebootMachine", "do RebootMachine", "Outcome RebootMachine",
            "Intent AwaitMachine", "do AwaitMachine", "Outcome AwaitMachine",
            "Intent EnableAlarms", "do EnableAlarms", "Outcome EnableAlarms", "Closed",
        ], _bench.Events);
    }

    [Fact]
    public async Task It_looks_sooner_while_something_is_suspected_until_a_person_was_told()
    {
        var bench = new DriverBench(Sample.For(Sample.Hung, RecoveryMode.Advise)) { Seen = Sample.IsWell };
        await bench.RunAsync(looks: 3);
        Assert.Equal([3, 3], bench.Time.Waits.Select(wait => wait.TotalSeconds));

        bench.Seen = Sample.HangsAlone;
        await bench.RunAsync(looks: 13);

        Assert.Equal(EntryKind.Advice, Assert.Single(bench.Entries).Kind);
        Assert.Equal(
            [.. Enumerable.Repeat(1.0, 10), 3, 3], bench.Time.Waits.Skip(2).Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task Nothing_is_done_by_who_was_overtaken()
    {
        _bench.Answers.Enqueue(AppendResult.Overtaken);

        Assert.False(await _bench.TurnAsync());

        Assert.Empty(_bench.Events);
    }

    [Fact]
    public async Task Journal_that_is_away_for_a_moment_is_waited_for()
    {
        Away(times: 5);

        await _bench.TurnAsync();

        Assert.Contains("do DisableAlarms", _bench.Events);
    }

    [Fact]
    public async Task What_was_decided_long_ago_is_not_done_any_more()
    {
        Away(times: 300);
        await _bench.TurnAsync();
        Assert.Equal(["Opened", "Intent DisableAlarms", "Outcome DisableAlarms"], _bench.Events);
        Assert.Equal(StepResult.Failed, _bench.Entries[^1].Result);

        _bench.Seen = Sample.IsWell;
        for (var i = 0; i < 5; i++)
        {
            _bench.Time.Advance(TimeSpan.FromSeconds(10));
            await _bench.TurnAsync();
        }

        Assert.DoesNotContain("do RebootMachine", _bench.Events);
        Assert.Null(_bench.State.Plan);
    }

    [Fact]
    public async Task Step_that_does_not_end_has_failed()
    {
        _bench.Does = async ct =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            return StepReport.Done();
        };

        await _bench.TurnAsync();

        Assert.Equal(StepResult.Failed, _bench.Entries[^1].Result);
        Assert.Contains("60 minutes", _bench.Entries[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_is_told_with_what_helps()
    {
        _bench.Does = _ => throw new SalvorException(ErrorCode.CloudDenied, "Not allowed.") { Hint = "Allow it." };

        await _bench.TurnAsync();

        Assert.Equal("Not allowed. Allow it.", _bench.Entries[^1].Text);
    }

    [Fact]
    public async Task Journal_is_gone_on_from()
    {
        await _bench.TurnAsync();
        _bench.Entries.RemoveRange(2, _bench.Entries.Count - 2);
        _bench.Events.Clear();

        await _bench.ResumeAsync();
        await _bench.TurnAsync();

        Assert.Equal(["Intent DisableAlarms", "do DisableAlarms", "Outcome DisableAlarms"], _bench.Events);
    }

    private void Away(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _bench.Answers.Enqueue(AppendResult.Away);
        }
    }
}
