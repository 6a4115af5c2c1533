using Salvor.Errors;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Simulation.Recovery.Model;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery;

/// <summary>An agent on a machine, in as many runs of its process as it takes.</summary>
internal sealed class AgentProcess(Scene scene, Machine machine)
{
    private readonly ActorClock _clock =
        scene.World.NewActor("clock", 1 + (0.02 * (scene.Random.NextDouble() - 0.5))).Clock;

    private Actor? _actor;
    private RecoveryDriver? _driver;
    private TimeSpan _announcedUntil;

    public bool IsRunning => _actor?.IsAlive == true;

    public bool HasPlan => IsRunning && _driver?.State.Plan is not null;

    public ActorClock Clock => _clock;

    public static string HolderOf(Machine machine) => $"agent-{machine.Name.ToLowerInvariant()}";

    public void Start()
    {
        if (IsRunning || !machine.IsUp)
        {
            return;
        }

        _actor = scene.World.NewActor(HolderOf(machine), _clock);
        var process = new Process(_actor, machine.Zone);
        _actor.Start(() => RunAsync(process));
    }

    public void Kill() => _actor?.Kill();

    public void Pause(TimeSpan time) => _actor?.Pause(time);

    /// <summary>Somebody works on the cluster, and says so.</summary>
    public void Announce(TimeSpan time)
    {
        _announcedUntil = scene.Region.Now + time;
        Tell();
    }

    /// <summary>The process dies, and systemd starts it again.</summary>
    public void Crash()
    {
        Kill();
        scene.World.After(TimeSpan.FromSeconds(1 + scene.Random.Next(20)), Start);
    }

    private async Task RunAsync(Process process)
    {
        var network = scene.NewNetwork(() => scene.Region.StoreCut[machine.Zone] || machine.IsSilent);
        var repository = new OpenRepository(network, scene.Sealer);
        var objects = new StoreJson(repository);
        var timelines = new RepositoryTimelines(repository);
        Assert.True(HolderId.TryParse(process.Name, out var holder));
        var beats = new HeartbeatWriter(
            objects, new HeartbeatOwner(holder, "boot", machine.Name), process.Time, scene.Entropy);
        process.Actor.Start(() => BeatAsync(process, beats));
        var settings = new RecoverySettings(AgentCauses.All, RungTable.Agent)
        {
            Mode = RecoveryMode.Automatic,
            Owner = "agent",
            Safety = scene.Safety.Engine,
        };
        _driver = new RecoveryDriver(
            new RecoveryMachine(settings),
            new AgentLookout(scene.Region, machine, process, timelines, scene.Noise),
            new AgentHands(scene.Region, machine, process, network, timelines, scene.Safety),
            new CrashingJournal(new LocalJournal(process, machine), scene, Crash),
            process.Time,
            new DriverOptions())
        {
            Journaled = entry => Journaled(process, entry),
            Looked = (seen, state) => scene.Looked(process.Name, seen, state),
        };
        Tell();
        await _driver.RunAsync(CancellationToken.None);
    }

    private void Tell()
    {
        var left = _announcedUntil - scene.Region.Now;
        if (left > TimeSpan.Zero)
        {
            _driver?.Post(now => new RecoveryEvent.Paused(now, now.Wall + left));
        }
    }

    /// <inheritdoc cref="GuardProcess.Journaled"/>
    private void Journaled(Process process, JournalEntry entry)
    {
        scene.Journaled(process.Name, entry);
        if (entry is { Kind: EntryKind.Page, Rung: { } rung } && _driver is { State.Plan: null } driver)
        {
            scene.World.After(TimeSpan.FromSeconds(60 + scene.Random.Next(400)), () =>
            {
                Coverage.Count(scene.Region.Truth.Approvals, rung);
                driver.Post(now => new RecoveryEvent.Approved(now, entry.Cause, rung));
            });
        }
    }

    private static async Task BeatAsync(Process process, HeartbeatWriter beats)
    {
        while (true)
        {
            try
            {
                await beats.BeatAsync(new HeartbeatNews(HeartbeatState.Healthy, "", null), CancellationToken.None);
            }
            catch (SalvorException e) when (e.IsTransient)
            {
                // The next one says the same.
            }

            await process.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }
}
