using Salvor.Backup.Streaming;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Tests.Node.Kits;
using Salvor.Tests.Support;

namespace Salvor.Tests.Backup.Streaming;

[Collection(SimulatedWorldGroup.Name)]
public sealed class SnapshotScheduleTests
{
    private readonly List<StreamEvent> _events = [];

    [Fact]
    public void Snapshots_come_as_often_as_asked_for() => SimulatedWorld.Run(async world =>
    {
        var taker = new Taker(world.Time);
        await RunForAsync(world, taker, new StreamOptions { SnapshotEvery = TimeSpan.FromMinutes(30) }, hours: 2.1);

        Assert.Equal([30, 60, 90, 120], taker.TakenAt.Select(t => t.TotalMinutes));
        Assert.Equal(4, _events.OfType<StreamEvent.SnapshotOnSchedule>().Count());
        return 0;
    });

    [Fact]
    public void A_failed_one_is_tried_again_ever_more_seldom_and_ends_nothing() => SimulatedWorld.Run(async world =>
    {
        var taker = new Taker(world.Time) { Failures = 4 };
        await RunForAsync(world, taker, new StreamOptions { SnapshotEvery = TimeSpan.FromHours(1) }, hours: 2.5);

        Assert.Equal([60, 61, 63, 67, 75, 135], taker.TakenAt.Select(t => t.TotalMinutes));
        Assert.Equal(4, _events.OfType<StreamEvent.Warning>().Count());
        Assert.Contains("in 8 min", _events.OfType<StreamEvent.Warning>().Last().Text, StringComparison.Ordinal);
        return 0;
    });

    [Fact]
    public void A_changed_kit_brings_one_within_a_minute_and_a_settled_one_none() => SimulatedWorld.Run(async world =>
    {
        using var machine = new KitMachine();
        var taker = new Taker(world.Time);
        var options = new StreamOptions { SnapshotEvery = TimeSpan.FromHours(10), Kit = machine.Capture() };
        using var stop = new CancellationTokenSource();
        var run = new SnapshotSchedule(taker, options, world.Time, _events.Add).RunAsync(newest: null, stop.Token);
        await Task.Delay(TimeSpan.FromMinutes(90.5), world.Time, CancellationToken.None);
        Assert.Empty(taker.TakenAt);

        machine.Write("/etc/kubernetes/pki/sa.key", "a new key", KitMachine.Secret);
        await Task.Delay(TimeSpan.FromHours(3), world.Time, CancellationToken.None);
        await stop.CancelAsync();
        await run;

        Assert.Equal(91, Assert.Single(taker.TakenAt).TotalMinutes);
        Assert.Contains("kit", Assert.Single(_events.OfType<StreamEvent.SnapshotOnSchedule>()).Reason,
            StringComparison.Ordinal);
        return 0;
    });

    [Fact]
    public void The_end_gives_up_one_that_is_under_way() => SimulatedWorld.Run(async world =>
    {
        var taker = new Taker(world.Time) { Takes = TimeSpan.FromDays(1) };
        await RunForAsync(world, taker, new StreamOptions { SnapshotEvery = TimeSpan.FromMinutes(10) }, hours: 1);

        Assert.Single(taker.TakenAt);
        Assert.Empty(_events);
        return 0;
    });

    private async Task RunForAsync(SimulatedWorld world, Taker taker, StreamOptions options, double hours)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromHours(hours), world.Time);
        await new SnapshotSchedule(taker, options, world.Time, _events.Add).RunAsync(newest: null, stop.Token);
    }

    private sealed class Taker(SimulatedTime time) : ISnapshotTaker
    {
        public List<TimeSpan> TakenAt { get; } = [];

        public int Failures { get; set; }

        public TimeSpan Takes { get; init; }

        public async Task<long> TakeAsync(string reason, CancellationToken ct)
        {
            TakenAt.Add(time.Elapsed);
            await Task.Delay(Takes, time, ct);
            return Failures-- switch
            {
                <= 0 => TakenAt.Count,
                var left when left % 2 == 0 => throw new CorruptDataException("a snapshot", 0, "it is damaged"),
                _ => throw new SalvorException(ErrorCode.EtcdUnreachable, "etcd is away.") { IsTransient = true },
            };
        }
    }
}
