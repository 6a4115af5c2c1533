using Salvor.Cli;
using Salvor.Errors;
using Salvor.Readiness.Protect;

namespace Salvor.Tests.Readiness.Protect;

public sealed class ProtectionRunTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_what_differs_is_changed_and_a_second_run_changes_nothing()
    {
        var good = new RecordedProtection("good", "on", "on");
        var bad = new RecordedProtection("bad", "off", "on");
        var run = new ProtectionRun([good, bad], ProtectionAim.Protect);

        var seen = await run.LookAsync(Token);
        Assert.Equal(ExitCodes.Differs, ProtectOutput.ExitCodeOf(seen));
        Assert.Equal(0, bad.Changes);

        var changed = await run.ChangeAsync(seen, Token);
        Assert.Equal([ProtectionOutcome.Untouched, ProtectionOutcome.Changed], changed.Select(r => r.Outcome));
        Assert.Equal(ExitCodes.Ok, ProtectOutput.ExitCodeOf(changed));

        await run.ChangeAsync(await run.LookAsync(Token), Token);
        Assert.Equal((0, 1), (good.Changes, bad.Changes));
    }

    [Fact]
    public async Task One_that_fails_is_told_and_the_others_are_done()
    {
        var broken = new RecordedProtection("broken", "off", "on")
        {
            FailsChange = new SalvorException(ErrorCode.NoSpace, "The disk is full."),
        };
        var other = new RecordedProtection("other", "off", "on");
        var run = new ProtectionRun([broken, other], ProtectionAim.Protect);

        var results = await run.ChangeAsync(await run.LookAsync(Token), Token);

        Assert.Equal(ProtectionOutcome.Failed, results[0].Outcome);
        Assert.Equal("The disk is full.", results[0].Failure?.Message);
        Assert.Equal("on", other.Found);
        Assert.Equal(ExitCodes.Failed, ProtectOutput.ExitCodeOf(results));
    }

    [Theory]
    [InlineData(true, ProtectionState.Unseen, ExitCodes.Partial)]
    [InlineData(false, ProtectionState.Refused, ExitCodes.Failed)]
    public async Task What_cannot_be_looked_at_is_unseen_when_it_may_pass_and_refused_otherwise(
        bool isTransient, ProtectionState state, int exitCode)
    {
        var blind = new RecordedProtection("blind", "off", "on")
        {
            FailsLook = new SalvorException(ErrorCode.Failed, "No answer.")
            {
                IsTransient = isTransient,
                Hint = "Wait.",
            },
        };
        var run = new ProtectionRun([blind], ProtectionAim.Protect);

        var results = await run.ChangeAsync(await run.LookAsync(Token), Token);

        Assert.Equal(state, results[0].Look.State);
        Assert.Equal("No answer. Wait.", results[0].Look.Note);
        Assert.Equal(0, blind.Changes);
        Assert.Equal(exitCode, ProtectOutput.ExitCodeOf(results));
    }
}
