using Salvor.Errors;

namespace Salvor.Simulation.Recovery.Model;

/// <summary>
/// The provider: it loses requests and answers, describes what was some seconds ago, stops slowly, and reboots by
/// itself what it sees hanging.
/// </summary>
internal sealed class Provider(Region region)
{
    /// <summary>How far behind a description may be.</summary>
    public static readonly TimeSpan StaleMax = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AlarmEvery = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Machine, Queue<MachineSight>> _past = [];
    private readonly Dictionary<Machine, int> _failing = [];

    public bool IsOut { get; set; }

    /// <summary>How often a call fails, before or after it was done.</summary>
    public double Faults { get; set; }

    public bool HasNoCapacity { get; set; }

    /// <summary>Orders to stop are taken, and nothing comes of them.</summary>
    public bool StopsHang { get; set; }

    public void Start()
    {
        region.World.After(Region.TickEvery, Remember);
        region.World.After(AlarmEvery, Evaluate);
    }

    public Task<MachineSight> DescribeAsync(Process caller, Machine machine) => CallAsync(caller, () =>
    {
        var isStale = region.Random.Next(4) == 0 && _past.TryGetValue(machine, out var past) && past.Count > 0;
        return isStale ? _past[machine].ElementAt(region.Random.Next(_past[machine].Count)) : Sight(machine);
    });

    public Task StopAsync(Process caller, Machine machine) => CallAsync(caller, () =>
    {
        if (machine.Power is Power.Running or Power.Booting && !StopsHang)
        {
            region.Say($"{caller.Name} stops {machine.Name}");
            machine.Power = Power.Stopping;
            machine.PowerChanges = region.Now + TimeSpan.FromSeconds(4 + region.Random.Next(40));
            region.Changed();
        }

        return true;
    });

    /// <returns>False when it can't be started, now or ever.</returns>
    public Task<bool> StartAsync(Process caller, Machine machine) => CallAsync(caller, () =>
    {
        if (machine.Power == Power.Off && !HasNoCapacity)
        {
            region.Say($"{caller.Name} starts {machine.Name}");
            machine.Power = Power.Booting;
            machine.PowerChanges = region.Now + TimeSpan.FromSeconds(20 + region.Random.Next(40));
            region.Changed();
        }

        return machine.Power is Power.Running or Power.Booting;
    });

    public Task<bool> RebootAsync(Process caller, Machine machine) => CallAsync(caller, () =>
    {
        if (machine.Power != Power.Running)
        {
            return false;
        }

        region.Say($"{caller.Name} reboots {machine.Name}");
        region.World.After(TimeSpan.FromSeconds(1 + region.Random.Next(10)), () =>
        {
            if (machine.Power == Power.Running)
            {
                region.Reset(machine);
            }
        });
        return true;
    });

    public Task SetAlarmsAsync(Process caller, Machine machine, bool areEnabled) => CallAsync(caller, () =>
    {
        machine.AlarmsEnabled = areEnabled;
        region.Changed();
        return true;
    });

    public Task SetFencedAsync(Process caller, Machine machine, bool isFenced) => CallAsync(caller, () =>
    {
        region.Say($"{caller.Name} {(isFenced ? "fences" : "unfences")} {machine.Name}");
        machine.IsFenced = isFenced;
        region.Changed();
        return true;
    });

    public Task AttachAsync(Process caller, Machine machine, Volume volume) => CallAsync(caller, () =>
    {
        if (machine.Power != Power.Terminated && volume.Exists)
        {
            machine.Volume = volume;
            region.Changed();
        }

        return true;
    });

    /// <returns>The plan's machine: asked again for the same plan it is the same one.</returns>
    public Task<Machine?> LaunchAsync(Process caller, string plan, int zone) => CallAsync<Machine?>(caller, () =>
    {
        var name = $"cp-{plan}";
        if (region.Machines.Find(machine => machine.Name == name) is { } launched)
        {
            return launched;
        }

        if (HasNoCapacity)
        {
            return null;
        }

        var anew = new Machine(name, zone, new Volume(zone, timeline: 0, revision: 0) { Data = VolumeData.Gone })
        {
            Power = Power.Booting,
            PowerChanges = region.Now + TimeSpan.FromSeconds(20 + region.Random.Next(40)),
            EtcdManifest = false,
            ApiManifest = false,
            EtcdRuns = false,
            ApiRuns = false,
            AlarmsEnabled = false,
        };
        region.Machines.Add(anew);
        region.Say($"{caller.Name} launches {name}");
        return anew;
    });

    /// <summary>A call: it takes a while, may not arrive, and its answer may not.</summary>
    private async Task<T> CallAsync<T>(Process caller, Func<T> work)
    {
        await caller.WaitAsync(TimeSpan.FromMilliseconds(50 + region.Random.Next(800)));
        if (IsAway(caller) || Fails())
        {
            await caller.WaitAsync(TimeSpan.FromSeconds(2));
            throw NoAnswer();
        }

        var result = work();
        await caller.WaitAsync(TimeSpan.FromMilliseconds(50 + region.Random.Next(400)));
        return IsAway(caller) || Fails() ? throw NoAnswer() : result;
    }

    private bool IsAway(Process caller) => IsOut || region.CloudCut[caller.Zone];

    private bool Fails() => Faults > 0 && region.Random.NextDouble() < Faults / 2;

    private static SalvorException NoAnswer() =>
        new(ErrorCode.CloudUnreachable, "The cloud did not answer: the simulation wants it so.") { IsTransient = true };

    private static MachineSight Sight(Machine machine) => new(
        machine.Power,
        InstanceFails: machine.Power == Power.Running && machine.IsHung,
        SystemFails: machine is { Power: Power.Running, IsHostFailed: true },
        IsAttached: machine.Volume is not null,
        VolumeExists: machine.Volume is null or { Exists: true },
        machine.IsFenced);

    private void Remember()
    {
        foreach (var machine in region.Machines)
        {
            var past = _past.TryGetValue(machine, out var known) ? known : _past[machine] = new Queue<MachineSight>();
            past.Enqueue(Sight(machine));
            if (past.Count > StaleMax / Region.TickEvery)
            {
                past.Dequeue();
            }
        }

        region.World.After(Region.TickEvery, Remember);
    }

    /// <summary>The alarm of each machine: two datapoints in a row, and it is rebooted.</summary>
    private void Evaluate()
    {
        foreach (var machine in region.Machines)
        {
            var isFailing = machine is { AlarmsEnabled: true, IsHung: true, IsHostFailed: false, Power: Power.Running };
            _failing[machine] = isFailing ? _failing.GetValueOrDefault(machine) + 1 : 0;
            if (_failing[machine] == 2)
            {
                region.Say($"the cloud's alarm reboots {machine.Name}");
                region.Reset(machine);
            }
        }

        region.World.After(AlarmEvery, Evaluate);
    }
}
