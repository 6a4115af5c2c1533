using Salvor.Errors;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Lease;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Simulation.Recovery.Model;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery;

/// <summary>A guard in its zone: it looks, and acts while it holds the lease.</summary>
internal sealed class GuardProcess(Scene scene, int number, int zone, bool isAutomatic)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly ActorClock _clock =
        scene.World.NewActor("clock", 1 + (0.02 * (scene.Random.NextDouble() - 0.5))).Clock;

    private Actor? _actor;
    private StoreLease? _lease;
    private RecoveryDriver? _driver;
    private CancellationTokenSource? _leading;
    private TimeSpan _announcedUntil;

    public bool HasPlan => _actor?.IsAlive == true && _lease?.IsHeld == true && _driver?.State.Plan is not null;

    public bool Leads => _actor?.IsAlive == true && _lease?.IsHeld == true && _driver is not null;

    public ActorClock Clock => _clock;

    public int Zone => zone;

    public void Start()
    {
        _driver = null;
        _actor = scene.World.NewActor($"guard-{number}", _clock);
        var process = new Process(_actor, zone);
        _actor.Start(() => RunAsync(process));
    }

    public void Pause(TimeSpan time) => _actor?.Pause(time);

    /// <inheritdoc cref="AgentProcess.Announce"/>
    public void Announce(TimeSpan time)
    {
        _announcedUntil = scene.Region.Now + time;
        Tell();
    }

    public void Crash()
    {
        if (_actor?.IsAlive == true)
        {
            _actor.Kill();
            scene.World.After(TimeSpan.FromSeconds(1 + scene.Random.Next(60)), Start);
        }
    }

    private async Task RunAsync(Process process)
    {
        var network = scene.NewNetwork(() => scene.Region.StoreCut[zone]);
        var repository = new OpenRepository(network, scene.Sealer);
        var objects = new StoreJson(repository);
        Assert.True(HolderId.TryParse(process.Name, out var holder));
        StoreLease lease;
        TimelineClaims claims;
        var timelines = new RepositoryTimelines(repository);
        try
        {
            lease = new StoreLease(
                objects, scene.Probe, new LeaseOptions { Holder = holder }, process.Time, scene.Entropy);
            claims = new TimelineClaims(objects, timelines, scene.Probe,
                new ClaimOptions { Claimant = holder, Duration = TimeSpan.FromMinutes(2) }, process.Time,
                scene.Entropy);
        }
        catch (SalvorException e) when (e.Code == ErrorCode.StoreRefused)
        {
            return; // A store that can't hold a lease: nothing is done from here.
        }

        _lease = lease;
        process.Actor.Start(() => KeepAsync(process, lease));
        var lookout = new GuardLookout(scene.Region, scene.Cloud, process, objects, scene.Peers, scene.Noise);
        var moves = new TimelineMoves(scene.Region, process, network, claims, timelines, scene.Safety);
        while (true)
        {
            if (lease.IsHeld)
            {
                await LeadAsync(process, lookout, moves, objects);
            }
            else
            {
                await lookout.LookAsync(CancellationToken.None);
            }

            await process.WaitAsync(LookEvery);
        }
    }

    private async Task LeadAsync(Process process, GuardLookout lookout, TimelineMoves moves, StoreJson objects)
    {
        using var leading = new CancellationTokenSource();
        _leading = leading;
        var journals = new StoreJournals<JournalEntry>(objects, scene.Probe, SimulationJson.Default.JournalEntry);
        var journal = new SharedJournal(journals, _lease!, scene.Safety);
        _driver = new RecoveryDriver(
            new RecoveryMachine(Settings()),
            lookout,
            new GuardHands(scene.Region, scene.Cloud, process, _lease!, moves, scene.Safety),
            new CrashingJournal(journal, scene, Crash),
            process.Time,
            new DriverOptions { LookEvery = LookEvery, LookSoon = LookEvery })
        {
            Journaled = entry => Journaled(process, entry),
            Looked = (seen, state) => scene.Looked(process.Name, seen, state),
        };
        Tell();
        try
        {
            await _driver.RunAsync(leading.Token);
        }
        catch (SalvorException e) when (e.IsTransient)
        {
            // The store is away: nothing is done until its journal can be read.
        }

        _leading = null;
        _driver = null;
    }

    private void Tell()
    {
        var left = _announcedUntil - scene.Region.Now;
        if (left > TimeSpan.Zero)
        {
            _driver?.Post(now => new RecoveryEvent.Paused(now, now.Wall + left));
        }
    }

    private RecoverySettings Settings() => new(
        GuardCauses.All,
        [.. RungTable.Guard.Select(rule => isAutomatic ? rule with { Mode = RecoveryMode.Automatic } : rule)])
    {
        Mode = RecoveryMode.Automatic,
        Owner = $"g{number}",
        Safety = scene.Safety.Engine,
    };

    private async Task KeepAsync(Process process, StoreLease lease)
    {
        while (true)
        {
            try
            {
                _ = lease.IsHeld
                    ? await lease.RenewAsync(CancellationToken.None)
                    : await lease.TryTakeAsync(CancellationToken.None);
            }
            catch (SalvorException e) when (e.IsTransient)
            {
                // Asked again soon.
            }

            if (!lease.IsHeld && scene.Safety.HeedsOthers && _leading is { } leading)
            {
                leading.Cancel();
            }

            await process.WaitAsync(lease.RenewalInterval);
        }
    }

    /// <summary>
    /// A person who is asked to allow something does, after some minutes; also what a budget does not allow any more.
    /// </summary>
    private void Journaled(Process process, JournalEntry entry)
    {
        scene.Journaled(process.Name, entry);
        if (entry is not { Kind: EntryKind.Page, Rung: { } rung } || _driver?.State.Plan is not null
            || RungTable.Find(RungTable.Guard, rung).Mode != RecoveryMode.Approve)
        {
            return;
        }

        var driver = _driver!;
        scene.World.After(TimeSpan.FromSeconds(60 + scene.Random.Next(400)), () =>
        {
            Coverage.Count(scene.Region.Truth.Approvals, rung);
            driver.Post(now => new RecoveryEvent.Approved(now, entry.Cause, rung));
        });
    }
}
