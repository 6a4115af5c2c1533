using Salvor.Errors;
using Salvor.Platform.Linux;

namespace Salvor.Tests.DataDirectory;

/// <summary>Whatever moment the power goes or the disk fails at, old or new data is whole and in place.</summary>
public sealed class RestoreCrashTests
{
    public static TheoryData<TargetKind> Kinds => new(Enum.GetValues<TargetKind>());

    private static readonly ErrorCode[] Failures = [ErrorCode.NoSpace, ErrorCode.IoFailed, ErrorCode.AccessDenied];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Power_cut_leaves_the_old_data_or_the_new_and_a_second_run_completes(TargetKind kind)
    {
        for (var at = 0; ; at++)
        {
            using var scene = new RestoreScene(kind);
            var files = new FaultyFileSystem(new LinuxFileSystem()) { CutAt = at };
            try
            {
                await scene.RestoreAsync(files);
                Assert.False(files.WasHit);
                Assert.True(at > 20, $"a restore took only {at} steps");
                return;
            }
            catch (PowerCutException)
            {
                var when = "cut after " + (at == 0 ? "nothing" : files.Steps[at - 1].ToString());
                scene.ShouldBeUntouchedOrComplete(when);
                scene.OldDataShouldBeWhole();
                await RunAgainAsync(scene, when);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Failing_step_is_undone_or_survived(TargetKind kind)
    {
        for (var at = 0; ; at++)
        {
            using var scene = new RestoreScene(kind);
            var failure = Failures[at % Failures.Length];
            var files = new FaultyFileSystem(new LinuxFileSystem()) { FailAt = at, Failure = failure };
            var error = await Record.ExceptionAsync(() => scene.RestoreAsync(files));
            if (!files.WasHit)
            {
                Assert.Null(error);
                return;
            }

            var when = $"{failure} at {files.Steps[at]} (step {at})";
            scene.ShouldBeUntouchedOrComplete(when);
            scene.OldDataShouldBeWhole();
            Judge(scene, error, failure, when);
            if (scene.State != TargetState.Complete)
            {
                await RunAgainAsync(scene, when);
            }
        }
    }

    private static void Judge(RestoreScene scene, Exception? error, ErrorCode failure, string when)
    {
        if (error is null)
        {
            Assert.True(scene.State == TargetState.Complete, $"{when}: reported as done, and it is not");
            return;
        }

        var known = Assert.IsType<SalvorException>(error);
        Assert.Equal(failure, known.Code);
        if (scene.State == TargetState.Complete)
        {
            Assert.Contains("The new member is in place", known.Message, StringComparison.Ordinal);
            Assert.Equal(scene.MayQuarantine, known.Message.Contains(".salvor-quarantine-", StringComparison.Ordinal));
        }

        if (scene.State == TargetState.Closed)
        {
            Assert.Contains("keeps etcd from starting", known.Message, StringComparison.Ordinal);
        }
        else if (scene.State == TargetState.Untouched)
        {
            Assert.True(scene.IsSwept || scene.HadStaging, $"{when}: left a staging area behind");
        }
    }

    private static async Task RunAgainAsync(RestoreScene scene, string when)
    {
        if (scene.State == TargetState.Complete && !scene.MayQuarantine)
        {
            return; // A second restore would be refused, and rightly: there is a member now.
        }

        var error = await Record.ExceptionAsync(() => scene.RestoreAsync(new FaultyFileSystem(new LinuxFileSystem())));
        Assert.True(error is null, $"{when}: the second run failed: {error}");
        Assert.True(scene.State == TargetState.Complete, $"{when}: {scene.State} after the second run");
        Assert.True(scene.IsSwept, $"{when}: the second run left a staging area");
        scene.OldDataShouldBeWhole();
    }
}
