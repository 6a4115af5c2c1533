using Salvor.Backup.Streaming;
using Salvor.Repository;
using Salvor.Tests.Support;

namespace Salvor.Tests.Backup.Streaming;

[Collection(SimulatedWorldGroup.Name)]
public sealed class TimelineWatchTests
{
    private static readonly TimelineId Written = new(1);

    private readonly List<StreamEvent> _events = [];

    [Fact]
    public void A_newer_timeline_ends_the_writing_within_half_a_minute() => SimulatedWorld.Run(async world =>
    {
        var disk = DiskWith(Written);
        using var writing = new CancellationTokenSource();
        var run = Watch(StoreOn(disk, world), world).RunAsync(writing);
        await PauseAsync(world, minutes: 10.1);
        Assert.False(writing.IsCancellationRequested);

        disk[RepositoryNames.Begin(Written.Next).Value] = [1];
        var begun = world.Time.Elapsed;
        await run;

        Assert.True(writing.IsCancellationRequested);
        Assert.InRange(world.Time.Elapsed - begun, TimeSpan.Zero, TimelineWatch.Interval + TimeSpan.FromSeconds(1));
        Assert.Contains(
            "Timeline 2 was begun in memory", Assert.IsType<StreamEvent.Warning>(Assert.Single(_events)).Text,
            StringComparison.Ordinal);
        return 0;
    });

    [Fact]
    public void While_the_store_is_away_nothing_is_concluded() => SimulatedWorld.Run(async world =>
    {
        var disk = DiskWith(Written, Written.Next);
        var store = StoreOn(disk, world);
        store.IsAway = true;
        using var writing = new CancellationTokenSource();
        var run = Watch(store, world).RunAsync(writing);
        await PauseAsync(world, minutes: 5);
        Assert.False(writing.IsCancellationRequested);
        Assert.True(store.Calls > 5);

        store.IsAway = false;
        await run;

        Assert.True(writing.IsCancellationRequested);
        return 0;
    });

    [Fact]
    public void A_look_is_one_request_and_the_end_of_the_writing_ends_them() => SimulatedWorld.Run(async world =>
    {
        var store = StoreOn(DiskWith(Written), world);
        using var writing = new CancellationTokenSource(TimeSpan.FromHours(1), world.Time);
        await Watch(store, world).RunAsync(writing);

        Assert.InRange(store.Calls, 118, 120);
        Assert.Empty(_events);
        return 0;
    });

    private static MemoryStore DiskWith(params ReadOnlySpan<TimelineId> timelines)
    {
        var disk = new MemoryStore();
        foreach (var timeline in timelines)
        {
            disk[RepositoryNames.Begin(timeline).Value] = [1];
        }

        return disk;
    }

    private static ModelStore StoreOn(MemoryStore disk, SimulatedWorld world) => new(disk, new Random(1), world.Time);

    private static Task PauseAsync(SimulatedWorld world, double minutes) =>
        Task.Delay(TimeSpan.FromMinutes(minutes), world.Time, CancellationToken.None);

    private TimelineWatch Watch(ModelStore store, SimulatedWorld world) =>
        new(new OpenRepository(store, TestRepository.Sealer()), Written, world.Time, _events.Add);
}
