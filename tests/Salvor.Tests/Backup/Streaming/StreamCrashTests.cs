using Salvor.Backup.Streaming;
using Salvor.Tests.Support;

namespace Salvor.Tests.Backup.Streaming;

/// <summary>The stream is killed at every call to the store, before it and after it.</summary>
[Collection(SimulatedWorldGroup.Name)]
public sealed class StreamCrashTests
{
    private static readonly StreamOptions Options = new() { FlushBytes = 150, UploadsMax = 3 };

    [Fact]
    public void Killed_at_any_call_the_log_goes_on_without_a_gap_and_keeps_what_was_called_safe()
    {
        var calls = SimulatedWorld.Run(world => RunAsync(world, killAtHalfCall: -1));
        Assert.True(calls > 20);
        for (var halfCall = 1; halfCall <= 2 * calls; halfCall++)
        {
            SimulatedWorld.Run(world => RunAsync(world, halfCall));
        }
    }

    /// <summary>Kills, outages, lost answers, compactions and restarts in any order.</summary>
    [Fact]
    public void Under_any_mixture_of_failures_nothing_that_was_called_safe_is_lost()
    {
        var seeds = TestLevel.Choose(fast: 20, normal: 100, full: 1_000);
        for (var seed = 1; seed <= seeds; seed++)
        {
            try
            {
                SimulatedWorld.Run(world => RunMixtureAsync(world, seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed} failed: {e.Message}", e);
            }
        }
    }

    private static async Task<int> RunAsync(SimulatedWorld world, int killAtHalfCall)
    {
        var rig = new StreamRig(world, seed: 11) { Options = Options };
        var store = rig.NewStore();
        store.KillAtHalfCall = killAtHalfCall;
        using (var stop = new CancellationTokenSource())
        {
            var run = rig.StreamAsync(store, stop.Token);
            await rig.WriteAsync(150);
            await rig.PauseAsync(2_000);
            stop.Cancel();
            await run;
        }

        var safe = rig.Safe;
        if (safe > 1)
        {
            await rig.ShouldHoldAsync(safe, after: 1);
        }

        using (var stop = new CancellationTokenSource())
        {
            var run = rig.StreamAsync(rig.NewStore(), stop.Token);
            await rig.WriteAsync(20);
            await rig.UntilAsync(() => rig.Safe == rig.Etcd.Head);
            stop.Cancel();
            Assert.True(await run);
        }

        await rig.ShouldHoldAsync(rig.Etcd.Head, after: 1);
        return store.Calls;
    }

    private static async Task<int> RunMixtureAsync(SimulatedWorld world, int seed)
    {
        var random = new Random(seed);
        var options = new StreamOptions { FlushBytes = random.Next(50, 3_000), WaitingBytesMax = 5_000 };
        var rig = new StreamRig(world, seed)
        {
            Options = options,
            SpoolFiles = random.Next(2) == 0 ? new MemoryFiles() : null,
        };
        for (var life = 0; life < 6; life++)
        {
            using var stop = new CancellationTokenSource();
            var store = rig.NewStore();
            store.FailPercent = random.Next(2) * random.Next(60);
            store.KillAtHalfCall = random.Next(3) == 0 ? random.Next(1, 60) : -1;
            var run = rig.StreamAsync(store, stop.Token);
            for (var step = random.Next(1, 8); step > 0; step--)
            {
                await StepAsync(rig, store, random);
            }

            store.IsAway = random.Next(4) == 0;
            rig.Etcd.ComeBack();
            stop.Cancel();
            await run;
            if (rig.Safe > rig.Snapshot)
            {
                await rig.ShouldHoldAsync(rig.Safe, after: rig.Snapshot!.Value);
            }
        }

        using var end = new CancellationTokenSource();
        var last = rig.StreamAsync(rig.NewStore(), end.Token);
        await rig.UntilAsync(() => Math.Max(rig.Safe, rig.Snapshot!.Value) == rig.Etcd.Head);
        end.Cancel();
        Assert.True(await last);
        await rig.ShouldHoldAsync(rig.Etcd.Head, after: rig.Snapshot!.Value);
        return 0;
    }

    private static async Task StepAsync(StreamRig rig, ModelStore store, Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                rig.Etcd.GoDown();
                await rig.PauseAsync(random.Next(5_000));
                rig.Etcd.ComeBack();
                break;
            case 1:
                rig.Etcd.BreakWatches();
                break;
            case 2:
                store.IsAway = !store.IsAway;
                await rig.PauseAsync(random.Next(20_000));
                break;
            case 3 when rig.Etcd.Head > 10:
                rig.Etcd.Compact(random.NextInt64(1, rig.Etcd.Head));
                break;
            case 4:
                await rig.PauseAsync(random.Next(2_000));
                break;
            default:
                await rig.WriteAsync(random.Next(80));
                break;
        }
    }
}
