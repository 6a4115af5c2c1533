using System.Buffers;
using System.Diagnostics.Metrics;
using Salvor.ObjectStore;
using Salvor.ObjectStore.Decorators;

namespace Salvor.Tests.ObjectStore;

public sealed class DecoratorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rates_hold_in_the_mean_each_direction_for_itself()
    {
        var time = new LeapingTime();
        var limits = new RateLimitOptions { UploadBytesPerSecondMax = 10_000, DownloadBytesPerSecondMax = 50_000 };
        var store = new RateLimitedStore(new MemoryStore(), limits, time);
        for (var i = 0; i < 11; i++)
        {
            await PutAsync(store, $"pack-{i}", 20_000);
        }

        Assert.Equal(20, time.Elapsed.TotalSeconds, precision: 3);
        time.Advance(TimeSpan.FromSeconds(60)); // What was not used is not saved up.
        var start = time.Elapsed;
        for (var i = 0; i < 11; i++)
        {
            (await store.GetAsync(new($"pack-{i}"), null, 20_000, Ct))!.Dispose();
        }

        Assert.Equal(4, (time.Elapsed - start).TotalSeconds, precision: 3);
    }

    [Fact]
    public async Task Without_limits_nobody_waits()
    {
        var time = new LeapingTime();
        var store = new RateLimitedStore(new MemoryStore(), new RateLimitOptions(), time);
        await PutAsync(store, "a", 1 << 20);
        await PutAsync(store, "b", 1 << 20);

        Assert.Empty(time.Waits);
    }

    [Fact]
    public async Task Every_attempt_is_counted_by_kind_and_outcome()
    {
        using var metrics = new StoreMetrics();
        var counted = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == StoreMetrics.MeterName)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var key = instrument.Name + ":" + string.Join(',', tags.ToArray().Select(t => t.Value));
            counted[key] = counted.GetValueOrDefault(key) + value;
        });
        listener.Start();

        var faulty = new FaultyStore(new MemoryStore(), new FaultRates { ErrorBefore = 0.5 }, seed: 3);
        var store = new RetryingStore(
            new MeteredStore(faulty, metrics, TimeProvider.System),
            new RetryOptions { AttemptsMax = 50, TotalMax = TimeSpan.FromHours(1) },
            new Random(1),
            new LeapingTime());
        await PutAsync(store, "a", 1_000);
        await PutAsync(store, "a", 10, PutCondition.IfAbsent);
        (await store.GetAsync(new("a"), new ByteRange(0, 100), 100, Ct))!.Dispose();
        Assert.Null(await store.HeadAsync(new("b"), Ct));
        Assert.Single(await store.ListAsync("", null, Ct).ToListAsync(Ct));
        await store.DeleteAsync(new("a"), Ct);

        Assert.Equal(1, counted["salvor.store.requests:put,ok"]);
        Assert.Equal(1, counted["salvor.store.requests:put,conditionNotMet"]);
        Assert.Equal(1, counted["salvor.store.requests:get,ok"]);
        Assert.Equal(1, counted["salvor.store.requests:list,ok"]);
        Assert.Equal(1, counted["salvor.store.requests:delete,ok"]);
        Assert.Equal(1_000, counted["salvor.store.bytes:up"]);
        Assert.Equal(100, counted["salvor.store.bytes:down"]);
        Assert.Equal(faulty.Faults, counted.Where(c => c.Key.EndsWith(",storeUnreachable", StringComparison.Ordinal))
            .Sum(c => c.Value));
        Assert.True(faulty.Faults > 0);
    }

    [Fact]
    public void Options_tell_everything_that_is_wrong_with_them()
    {
        Assert.Empty(new RetryOptions().Validate());
        Assert.Empty(new RateLimitOptions().Validate());
        Assert.Equal(2, new RetryOptions { AttemptsMax = 0, DelayMin = TimeSpan.Zero }.Validate().Count);
        Assert.Equal(
            2, new RateLimitOptions { UploadBytesPerSecondMax = 1, DownloadBytesPerSecondMax = -1 }.Validate().Count);
    }

    [Fact]
    public async Task Crash_at_each_change_leaves_what_was_done_before_it()
    {
        foreach (var side in new[] { CrashSide.Before, CrashSide.After })
        {
            for (var at = 0; at < 3; at++)
            {
                var memory = new MemoryStore();
                var store = new CrashingStore(memory, at, side);
                await Assert.ThrowsAsync<StoreCrashException>(async () =>
                {
                    await PutAsync(store, "a", 1);
                    await PutAsync(store, "b", 1);
                    await store.DeleteAsync(new("a"), Ct);
                });
                string[][] states = [[], ["a"], ["a", "b"], ["b"]];
                Assert.Equal(states[side == CrashSide.Before ? at : at + 1], memory.Names);
                Assert.True(store.HasCrashed);
                await Assert.ThrowsAsync<StoreCrashException>(() => store.HeadAsync(new("a"), Ct));
            }
        }
    }

    [Fact]
    public async Task Stale_lists_lag_and_gets_do_not()
    {
        var store = new FaultyStore(new MemoryStore(), new FaultRates { StaleList = 1 }, seed: 1);
        await PutAsync(store, "new", 1);
        Assert.Empty(await store.ListAsync("", null, Ct).ToListAsync(Ct));
        Assert.NotNull(await store.HeadAsync(new("new"), Ct));

        await store.HealAsync();
        Assert.Single(await store.ListAsync("", null, Ct).ToListAsync(Ct));
    }

    private static Task<PutResult> PutAsync(
        IObjectStore store, string name, int length, PutCondition condition = default) =>
        store.PutAsync(new(name), new ReadOnlySequence<byte>(new byte[length]), condition, Ct);
}
