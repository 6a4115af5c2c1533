using System.Globalization;
using Salvor.Backup;
using Salvor.Errors;
using Salvor.Platform.Linux;
using Salvor.Repository;
using Salvor.Repository.Snapshots;
using Salvor.Restore;
using Salvor.Restore.FromRepository;
using Salvor.Tests.Support;

namespace Salvor.Tests.Restore.FromRepository;

public sealed class NextTimelineTests : IDisposable
{
    private readonly TempDirectory _temporary = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task It_says_whose_it_is_and_where_it_forked_off()
    {
        using var sample = await SampleRepository.GoodAsync();
        var options = Options("a");
        var next = await NextTimeline.ChooseAsync(sample.Objects, options, sample.Time, Ct);
        Assert.Single(await new SnapshotCatalog(sample.Objects).ListTimelinesAsync(Ct));
        var restored = await RestoreAsync(sample, options, new RestorePoint.AtRevision(53));

        var begun = await next.BeginAsync(restored, Ct);

        Assert.Equal(new BegunTimeline(new TimelineId(2), Fault: null, WayOut: null), begun);
        var begin = await new SnapshotCatalog(sample.Objects).ReadBeginAsync(new TimelineId(2), Ct);
        Assert.Equal(ClusterOf(restored), begin.ClusterId);
        Assert.Equal(1, begin.Parent);
        Assert.Equal(53, begin.ParentRevision);
    }

    [Fact]
    public async Task The_restored_etcd_goes_on_in_it_and_the_old_one_is_refused()
    {
        using var sample = await SampleRepository.GoodAsync();
        var restored = await BeginAsync(sample, "a");
        var choice = new TimelineChoice(new SnapshotCatalog(sample.Objects), "here", sample.Time);

        var now = new SourceNow(new SourceIdentity(ClusterOf(restored), "5", 1, 1, "3.5.30"), 61);
        var (timeline, newest, _) = await choice.ChooseAsync(_ => Task.FromResult(now), beginsTimeline: false, Ct);
        var then = new SourceNow(new SourceIdentity("1", "2", 99, 4, "3.5.30"), 1_000);
        var old = await Assert.ThrowsAsync<SalvorException>(() => choice.ChooseAsync(
            _ => Task.FromResult(then), beginsTimeline: false, Ct));

        Assert.Equal(2, timeline.Value);
        Assert.Null(newest);
        Assert.Equal(ErrorCode.ForeignCluster, old.Code);
    }

    [Fact]
    public async Task Of_two_restores_at_once_the_later_one_is_told()
    {
        using var sample = await SampleRepository.GoodAsync();
        var (a, b) = (Options("a"), Options("b"));
        var first = await NextTimeline.ChooseAsync(sample.Objects, a, sample.Time, Ct);
        var second = await NextTimeline.ChooseAsync(sample.Objects, b, sample.Time, Ct);
        var winner = await RestoreAsync(sample, a);
        Assert.Null((await first.BeginAsync(winner, Ct)).Fault);

        var begun = await second.BeginAsync(await RestoreAsync(sample, b), Ct);

        Assert.StartsWith("Somebody else began it", begun.Fault, StringComparison.Ordinal);
        Assert.Contains("only one of the two etcds", begun.WayOut, StringComparison.Ordinal);
        var catalog = new SnapshotCatalog(sample.Objects);
        Assert.Equal(ClusterOf(winner), (await catalog.ReadBeginAsync(new TimelineId(2), Ct)).ClusterId);
        Assert.Equal(2, (await catalog.ListTimelinesAsync(Ct)).Count);
    }

    [Fact]
    public async Task A_lost_answer_does_not_make_it_somebody_elses()
    {
        using var sample = await SampleRepository.GoodAsync();
        var options = Options("a");
        var next = await NextTimeline.ChooseAsync(sample.Objects, options, sample.Time, Ct);
        var restored = await RestoreAsync(sample, options);
        await next.BeginAsync(restored, Ct);

        Assert.Null((await next.BeginAsync(restored, Ct)).Fault); // As a retry finds it.
    }

    [Fact]
    public async Task Without_the_right_to_write_the_member_is_restored_and_the_rest_is_said()
    {
        using var sample = await SampleRepository.GoodAsync();
        var options = Options("a");
        var readable = sample.Objects with { Store = new ReadOnlyStore(sample.Store) };
        var next = await NextTimeline.ChooseAsync(readable, options, sample.Time, Ct);
        var restored = await RestoreAsync(sample, options);

        var begun = await next.BeginAsync(restored, Ct);

        Assert.Contains("does not allow", begun.Fault, StringComparison.Ordinal);
        Assert.Contains("backup --new-timeline", begun.WayOut, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_temporary["a", "member"]));
    }

    [Fact]
    public async Task A_cluster_that_has_a_timeline_already_is_refused_before_the_restore()
    {
        using var sample = await SampleRepository.GoodAsync();
        await BeginAsync(sample, "a");
        await BeginAsync(sample, "b");

        var e = await Assert.ThrowsAsync<SalvorException>(
            () => NextTimeline.ChooseAsync(sample.Objects, Options("a"), sample.Time, Ct));

        Assert.Equal(ErrorCode.Usage, e.Code);
        Assert.Contains("timeline 2 of", e.Message, StringComparison.Ordinal);
        Assert.Contains("--cluster-token", e.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_beginning_of_another_timeline_stops_nobody()
    {
        using var sample = await SampleRepository.GoodAsync();
        sample.Flip(sample.Find("/begin"), -1);

        Assert.Equal(2, (await NextTimeline.ChooseAsync(sample.Objects, Options("a"), sample.Time, Ct)).Timeline.Value);
    }

    private async Task<RepositoryRestoreReport> BeginAsync(SampleRepository sample, string name)
    {
        var options = Options(name);
        var next = await NextTimeline.ChooseAsync(sample.Objects, options, sample.Time, Ct);
        var restored = await RestoreAsync(sample, options);
        Assert.Null((await next.BeginAsync(restored, Ct)).Fault);
        return restored;
    }

    private static Task<RepositoryRestoreReport> RestoreAsync(
        SampleRepository sample, RestoreOptions options, RestorePoint? point = null) =>
        new RepositoryRestore(new LinuxFileSystem(), new InlineCpuPool(), sample.Time)
            .RunAsync(sample.Objects, point ?? new RestorePoint.Latest(), options, progress: null, Ct);

    private RestoreOptions Options(string name) =>
        new() { DataDirectory = _temporary[name], ClusterToken = name, MayQuarantine = true };

    private static string ClusterOf(RepositoryRestoreReport report) =>
        report.Restored.Cluster.Value.ToString("x16", CultureInfo.InvariantCulture);
}
