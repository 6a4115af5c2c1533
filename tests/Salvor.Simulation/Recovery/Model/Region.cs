using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery.Model;

/// <summary>Three zones, their machines and volumes, and what connects them: the ground truth.</summary>
internal sealed class Region
{
    public const int Zones = 3;

    public static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(2);

    private readonly bool[,] _cut = new bool[Zones, Zones];

    public Region(SimulatedWorld world)
    {
        World = world;
        var volume = new Volume(zone: 0, timeline: 1, revision: 1000);
        Current = new Machine("cp-1", zone: 0, volume);
        Machines.Add(Current);
        Stored[1] = volume.Revision;
        Truth = new GroundTruth(this);
    }

    public SimulatedWorld World { get; }

    public Random Random => World.Random;

    public GroundTruth Truth { get; }

    public EventLog Log { get; } = new();

    public List<Machine> Machines { get; } = [];

    /// <summary>Where the endpoint leads.</summary>
    public Machine Current { get; set; }

    /// <summary>The newest revision in the repository, by timeline.</summary>
    public Dictionary<int, long> Stored { get; } = [];

    /// <summary>The newest timeline that is in use, as the store has it.</summary>
    public int Newest { get; set; } = 1;

    /// <summary>Whether the store is away for everybody.</summary>
    public StoreWeather Weather { get; } = new();

    public bool[] StoreCut { get; } = new bool[Zones];

    public bool[] CloudCut { get; } = new bool[Zones];

    public bool GateIsOpen { get; set; }

    /// <summary>Volumes that came off their machines, and are still there.</summary>
    public Dictionary<Machine, Volume> Detached { get; } = [];

    /// <summary>Called when a machine's processes end, and when it is up again.</summary>
    public Action<Machine>? Lost { get; set; }

    public Action<Machine>? Booted { get; set; }

    public Action? Ticked { get; set; }

    public TimeSpan Now => World.Now;

    public bool IsCut(int zone, int other) => _cut[zone, other];

    public void Cut(int zone, int other, bool isCut) => _cut[zone, other] = _cut[other, zone] = isCut;

    public bool Reaches(int zone, Machine machine) => machine.IsUp && !machine.IsSilent && !_cut[zone, machine.Zone];

    public bool ReachesStore(Machine machine) =>
        machine is { IsUp: true, IsSilent: false } && !Weather.IsOut && !StoreCut[machine.Zone];

    /// <summary>The cluster serves, nothing is wrong with it, and somebody outside can see that.</summary>
    public bool IsHealthy => Current.IsSound && (!_cut[0, 1] || !_cut[0, 2] || Current.Zone != 0)
        && (Current.Zone == 0 || !_cut[1, 2]) && Current.Volume!.Timeline == Newest;

    public void Start() => World.After(TickEvery, Tick);

    public void Say(string what) => Log.Add(Now, what);

    public void PowerOff(Machine machine)
    {
        machine.Power = Power.Off;
        machine.Lose();
        machine.IsHung = machine.IsHostBad = machine.IsHostFailed = false; // It starts on another host.
        Lost?.Invoke(machine);
        Changed();
    }

    public void Reset(Machine machine)
    {
        machine.Power = Power.Booting;
        machine.PowerChanges = Now + TimeSpan.FromSeconds(20 + Random.Next(40));
        machine.Lose();
        Lost?.Invoke(machine);
        Changed();
    }

    /// <summary>To be called after each change: what must always hold is looked after.</summary>
    public void Changed() => Truth.Check();

    private void Tick()
    {
        foreach (var machine in Machines)
        {
            GoOn(machine);
            machine.Tick(Random);
            machine.KnewBetter += machine.IsActive && ReachesStore(machine) ? TickEvery : TimeSpan.Zero;
        }

        Write();
        Changed();
        Ticked?.Invoke();
        World.After(TickEvery, Tick);
    }

    private void GoOn(Machine machine)
    {
        if (Now < machine.PowerChanges)
        {
            return;
        }

        if (machine.Power == Power.Stopping)
        {
            Say($"{machine.Name} is stopped");
            PowerOff(machine);
        }
        else if (machine.Power == Power.Booting)
        {
            machine.Power = Power.Running;
            machine.IsBlind = machine.IsFenced && machine != Current && !ReachesStore(machine);
            machine.KnewBetter = TimeSpan.Zero;
            var isOver = machine.Volume?.Timeline < Newest && ReachesStore(machine);
            machine.Boot(!GateIsOpen && (isOver || !(machine.Volume is { Exists: true, Data: VolumeData.Whole })),
                Random);
            Say($"{machine.Name} has booted{(machine.EtcdHeld ? ", and etcd is held" : "")}");
            Booted?.Invoke(machine);
        }
    }

    /// <summary>People write to the cluster, and the agent ships it.</summary>
    private void Write()
    {
        foreach (var machine in Machines)
        {
            if (machine is { IsServing: true, NoSpace: false, Volume: { } volume })
            {
                volume.Revision++;
                if (ReachesStore(machine) && !machine.IsBlind)
                {
                    Truth.Ship(machine, volume);
                }
            }
        }
    }
}
