using Salvor.Backup;
using Salvor.EtcdClient;
using Salvor.Tests.Support;

namespace Salvor.Tests.Backup;

[Collection(SimulatedWorldGroup.Name)]
public sealed class SnapshotPacerTests
{
    private const double MiB = 1 << 20;
    private const long GrowthMax = 256 << 20;

    private EtcdGauges _gauges = new(100 * MiB, 2048 * MiB, FsyncCount: 1000, FsyncSeconds: 2);
    private double _fsyncSeconds = 0.002;
    private double _growthPerSecond;
    private bool _isSilent;

    [Fact]
    public void An_etcd_that_is_well_is_read_at_full_speed() => SimulatedWorld.Run(async world =>
    {
        Assert.Equal(TimeSpan.Zero, (await RunAsync(world, blocks: 400)).Paused);
        return 0;
    });

    [Fact]
    public void An_etcd_whose_flushes_slow_down_is_read_slowly_until_they_recover() => SimulatedWorld.Run(async world =>
    {
        _fsyncSeconds = 0.050;
        var pacer = await RunAsync(world, blocks: 400, onBlock: block => _fsyncSeconds = block < 200 ? 0.050 : 0.002);

        // 100 blocks go by until the first look; then about a hundred are slow, and a second until the next look.
        Assert.InRange(pacer.Paused.TotalSeconds, 2, 4);
        return 0;
    });

    [Fact]
    public void A_disk_that_always_was_slow_is_no_reason_to_wait() => SimulatedWorld.Run(async world =>
    {
        _gauges = _gauges with { FsyncSeconds = 30 };
        _fsyncSeconds = 0.040;
        Assert.Equal(TimeSpan.Zero, (await RunAsync(world, blocks: 400)).Paused);
        return 0;
    });

    [Fact]
    public void A_database_that_grows_too_much_ends_the_snapshot() => SimulatedWorld.Run(async world =>
    {
        _growthPerSecond = 50 * MiB;
        var pacer = await RunAsync(world, blocks: 10_000);

        Assert.Equal(300 << 20, pacer.GrewTooMuchBytes);
        Assert.InRange(world.Time.Elapsed.TotalSeconds, 6, 6.1);
        return 0;
    });

    [Theory]
    [InlineData(1900, 74)] // Half of what is left below the quota.
    [InlineData(2047, 16)] // Not less than what commits move anyway.
    [InlineData(100, 256)]
    public void The_nearer_the_quota_the_less_it_may_grow(double databaseMiB, long growthMiB)
    {
        var before = _gauges with { DatabaseBytes = databaseMiB * MiB };
        var pressure = new SnapshotPressure(before, GrowthMax);
        pressure.Look(before with { DatabaseBytes = before.DatabaseBytes + (growthMiB * MiB) });
        Assert.False(pressure.HasGrownTooMuch);
        pressure.Look(before with { DatabaseBytes = before.DatabaseBytes + (growthMiB * MiB) + 1 });
        Assert.True(pressure.HasGrownTooMuch);
    }

    [Fact]
    public void An_etcd_that_does_not_say_is_read_at_full_speed() => SimulatedWorld.Run(async world =>
    {
        (_isSilent, _fsyncSeconds, _growthPerSecond) = (true, 1, 100 * MiB);
        var pacer = await RunAsync(world, blocks: 400);

        Assert.Equal((TimeSpan.Zero, null), (pacer.Paused, pacer.GrewTooMuchBytes));
        return 0;
    });

    /// <summary>Reads blocks, a hundred a second where nothing holds them up.</summary>
    private async Task<SnapshotPacer> RunAsync(SimulatedWorld world, int blocks, Action<int>? onBlock = null)
    {
        var pacer = new SnapshotPacer(_ => Task.FromResult(Gauges(world.Time)), GrowthMax, world.Time);
        using var ended = new CancellationTokenSource();
        var watching = pacer.WatchAsync(ended);
        try
        {
            for (var block = 0; block < blocks; block++)
            {
                onBlock?.Invoke(block);
                await Task.Delay(TimeSpan.FromMilliseconds(10), world.Time, ended.Token);
                await pacer.PaceAsync(ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.NotNull(pacer.GrewTooMuchBytes);
        }

        await ended.CancelAsync();
        await watching;
        return pacer;
    }

    private EtcdGauges? Gauges(SimulatedTime time)
    {
        if (time.Elapsed > TimeSpan.Zero)
        {
            _gauges = _gauges with
            {
                DatabaseBytes = (100 * MiB) + (_growthPerSecond * time.Elapsed.TotalSeconds),
                FsyncCount = _gauges.FsyncCount + 50,
                FsyncSeconds = _gauges.FsyncSeconds + (50 * _fsyncSeconds),
            };
        }

        return _isSilent ? null : _gauges;
    }
}
