using Salvor.ObjectStore;
using Salvor.ObjectStore.Decorators;
using Salvor.ObjectStore.Probe;
using Salvor.Recovery.Lease;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Repository.Keys;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Lease;

/// <summary>Some machines that all want the lease, while all goes wrong that can; then nothing does any more.</summary>
internal sealed class LeaseSimulation
{
    /// <summary>Clocks of real machines run apart by far less.</summary>
    private const double DriftMax = 0.03;

    private static readonly TimeSpan Chaos = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan StopMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    private readonly SimulatedWorld _world;
    private readonly LeaseRules _rules;
    private readonly MemoryStore _store = new();
    private readonly StoreWeather _weather = new();
    private readonly SeededEntropy _entropy;
    private readonly ObjectSealer _sealer;
    private readonly ProbeReport _probe;
    private readonly List<LeaseMachine> _machines = [];
    private readonly TimeSpan _disasterGapMax;
    private (long Generation, StoreLease Lease)? _last;

    public LeaseSimulation(int seed, LeaseRules rules)
    {
        _world = new SimulatedWorld(seed);
        _rules = rules;
        _entropy = new SeededEntropy(seed);
        _sealer = new ObjectSealer(RepositoryId.New(_entropy), RepositoryKey.New(_entropy), _entropy);
        _probe = _world.Run(() => new StoreProbe(_store, _entropy, TimeProvider.System).RunAsync(default));
        _disasterGapMax = TimeSpan.FromSeconds(5 + Random.Next(60));
        _weather.Patience = TimeSpan.FromSeconds(5 + Random.Next(35));
        var count = 2 + Random.Next(4);
        for (var i = 0; i < count; i++)
        {
            var clock = _world.NewActor("clock", 1 + (DriftMax * ((2 * Random.NextDouble()) - 1))).Clock;
            var network = new ActorStore(_world, _store, _weather);
            _machines.Add(new LeaseMachine($"guard-{i}", clock, network, IsOn(0.5), IsOn(0.3)));
        }
    }

    /// <summary>How often the lease changed its holder.</summary>
    public int Tenures { get; private set; }

    public ulong Trace => _world.Trace;

    private Random Random => _world.Random;

    /// <summary>Runs it all.</summary>
    /// <exception cref="SimulationException">A rule was broken.</exception>
    public void Run()
    {
        _world.AfterStep = RequireOneHolder;
        _machines.ForEach(Start);
        Plan();
        _world.RunUntil(Chaos);
        EndAllFaults();

        // Stops that were begun go on; then the last holder's time runs out, whoever it was.
        var settled = _world.Now + StopMax + TimeSpan.FromMinutes(5);
        if (!_world.RunUntil(settled, () => _machines.Exists(machine => machine.Process!.MayAct)))
        {
            throw new SimulationException($"At {_world.Now} nobody holds the lease, though nothing fails any more.");
        }

        _world.RunUntil(settled);
        var generation = _last!.Value.Generation;
        _world.RunUntil(settled + Quiet);
        if (_last.Value.Generation != generation || !_machines.Exists(machine => machine.Process!.MayAct))
        {
            throw new SimulationException($"Between {settled} and {_world.Now} the lease was lost without any fault.");
        }
    }

    private bool IsOn(double chance) => Random.NextDouble() < chance;

    private TimeSpan Some(TimeSpan most) => most * Random.NextDouble();

    /// <summary>True time goes by only between steps, and a holder can only come to be at one.</summary>
    private void RequireOneHolder()
    {
        LeaseMachine? holder = null;
        foreach (var machine in _machines.Where(machine => machine.Process is { MayAct: true }))
        {
            if (holder is not null)
            {
                throw new SimulationException($"At {_world.Now} both {holder.Name} and {machine.Name} hold the lease.");
            }

            holder = machine;
        }

        if (holder?.Process!.Lease is not { Generation: { } generation } lease)
        {
            return;
        }

        if (_last is { } last && (generation < last.Generation
            || (generation == last.Generation && lease != last.Lease)))
        {
            throw new SimulationException(
                $"At {_world.Now} {holder.Name} holds generation {generation} after {last.Generation}.");
        }

        Tenures += _last?.Generation == generation ? 0 : 1;
        _last = (generation, lease);
    }

    private void Start(LeaseMachine machine)
    {
        var actor = _world.NewActor(machine.Name, machine.Clock);
        IObjectStore store = machine.Retries
            ? new RetryingStore(machine.Network, new RetryOptions(), new Random(Random.Next()), machine.Clock)
            : machine.Network;
        Assert.True(HolderId.TryParse(machine.Name, out var holder));
        var lease = new StoreLease(
            new StoreJson(new OpenRepository(store, _sealer)), _probe, new LeaseOptions { Holder = holder },
            machine.Clock, _entropy, _rules);
        var stop = new CancellationTokenSource();
        machine.Process = new LeaseProcess(actor, lease, stop);
        actor.Start(() => new LeaseKeeper(lease, machine.Clock).RunAsync(_ => { }, stop.Token));
    }

    private void Plan() => _world.After(Some(_disasterGapMax), () =>
    {
        if (_world.Now < Chaos)
        {
            Disaster(_machines[Random.Next(_machines.Count)]);
            Plan();
        }
    });

    private void Disaster(LeaseMachine machine)
    {
        var process = machine.Process!;
        switch (Random.Next(9))
        {
            case 0:
                process.Actor.Pause(Some(StopMax));
                break;
            case 1 when machine.Sleeps:
                process.Actor.Sleep(Some(StopMax));
                break;
            case 2:
                var by = Some(TimeSpan.FromHours(1));
                machine.Clock.SetWall(!machine.Sleeps && IsOn(0.5) ? -by : by);
                break;
            case 3 when process.Actor.State == ActorState.Running:
                process.Actor.Kill();
                _world.After(Some(StopMax), () => Start(machine));
                break;
            case 4 when process.Actor.State == ActorState.Running:
                process.Stop.Cancel(); // It gives the lease back, and is started anew.
                _world.After(TimeSpan.FromMinutes(3), () => Restart(machine, process));
                break;
            case 5 or 6:
                machine.Network.IsCutOff = true;
                _world.After(Some(StopMax), () => machine.Network.IsCutOff = false);
                break;
            case 7:
                _weather.IsOut = IsOn(0.3);
                _weather.LostRequest = 0.3 * Random.NextDouble();
                _weather.LostAnswer = 0.3 * Random.NextDouble();
                _weather.Duplicate = 0.3 * Random.NextDouble();
                _weather.Slow = 0.3 * Random.NextDouble();
                _world.After(Some(StopMax), _weather.Clear);
                break;
            default:
                break; // A calm moment.
        }
    }

    private void Restart(LeaseMachine machine, LeaseProcess stopped)
    {
        if (machine.Process != stopped || !stopped.Actor.IsAlive)
        {
            return;
        }

        if (stopped.Actor.State != ActorState.Running)
        {
            _world.After(TimeSpan.FromSeconds(10), () => Restart(machine, stopped));
            return;
        }

        stopped.Actor.Kill();
        Start(machine);
    }

    private void EndAllFaults()
    {
        _weather.Clear();
        foreach (var machine in _machines)
        {
            machine.Network.IsCutOff = false;
        }
    }
}
