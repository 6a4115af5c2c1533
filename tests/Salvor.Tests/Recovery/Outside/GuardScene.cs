using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Outside;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Tests.Support;

namespace Salvor.Tests.Recovery.Outside;

/// <summary>A control plane with its cloud, its agent and its guards, in simulated time.</summary>
internal sealed class GuardScene
{
    private readonly List<GuardBench> _guards = [];

    public GuardScene(SimulatedWorld world)
    {
        Time = world.Time;
        Store = new MemoryStore(world.Time);
        Cloud.Booted = () => IsReady = true;
    }

    public SimulatedTime Time { get; }

    public MemoryStore Store { get; }

    public ObjectSealer Sealer { get; } = TestRepository.Sealer();

    public OutsideCloud Cloud { get; } = new();

    /// <summary>Whether the endpoint is ready for whoever reaches it.</summary>
    public bool IsReady { get; set; } = true;

    public bool AgentBeats { get; set; }

    public INoticeBoard Notices => new StoreNotices(new StoreJson(new OpenRepository(Store, Sealer)));

    /// <summary>Plays a scene to its end, and then ends whoever is left.</summary>
    public static void Play(Func<GuardScene, Task> scene) => SimulatedWorld.Run(async world =>
    {
        var stage = new GuardScene(world);
        using var ends = new CancellationTokenSource();
        var beating = stage.BeatAsync(ends.Token);
        await scene(stage);
        await ends.CancelAsync();
        await beating;
        foreach (var guard in stage._guards)
        {
            await guard.EndAsync();
            guard.Dispose();
        }

        return true;
    });

    public GuardBench Start(string name, RecoveryMode mode = RecoveryMode.Automatic)
    {
        var guard = new GuardBench(this, name, mode)
        {
            Endpoint = () => IsReady
                ? new EndpointSight(Truth.Yes, Truth.Yes, "")
                : new EndpointSight(Truth.No, Truth.No, "no answer"),
        };
        _guards.Add(guard);
        guard.Start();
        return guard;
    }

    public Task PassAsync(double minutes) => Task.Delay(TimeSpan.FromMinutes(minutes), Time);

    /// <summary>The machine is switched off by somebody.</summary>
    public void SwitchOff() => (Cloud.State, IsReady) = (Salvor.Cloud.MachineState.Stopped, false);

    /// <summary>The machine's system hangs, and its own check shows it.</summary>
    public void Hang()
    {
        (Cloud.Instance, IsReady, AgentBeats) = (Salvor.Cloud.CheckStatus.Impaired, false, false);
        Cloud.Booted = () => (Cloud.Instance, IsReady) = (Salvor.Cloud.CheckStatus.Ok, true);
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        Assert.True(HolderId.TryParse("agent-control-1", out var holder));
        var writer = new HeartbeatWriter(
            new StoreJson(new OpenRepository(Store, Sealer)), new HeartbeatOwner(holder, "boot", "machine"), Time,
            new SeededEntropy(7));
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (AgentBeats)
                {
                    await writer.BeatAsync(new HeartbeatNews(HeartbeatState.Healthy, "", null), stop);
                }

                await Task.Delay(TimeSpan.FromSeconds(10), Time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The scene is over.
        }
    }
}
