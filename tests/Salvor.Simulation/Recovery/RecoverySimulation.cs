using System.Text.Json;
using Salvor.Simulation.Recovery.Model;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery;

/// <summary>
/// A cluster, its agent and two guards, while things break; then nothing breaks any more, and all has to be well.
/// </summary>
internal sealed class RecoverySimulation
{
    private static readonly TimeSpan SettledFor = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan NoticedAfter = TimeSpan.FromMinutes(45);

    private readonly Scene _scene;
    private readonly Faults _faults;
    private readonly Disturbances _disturbances;
    private readonly List<GuardProcess> _guards = [];
    private readonly Dictionary<Machine, AgentProcess> _agents = [];
    private readonly Queue<Fault> _toBreak;
    private TimeSpan _nextFault;
    private TimeSpan _lastFault;
    private TimeSpan? _wellSince;
    private TimeSpan? _brokenSince;
    private bool _hasCut;
    private bool _isOver;

    public RecoverySimulation(int seed, RunOptions options)
    {
        _scene = new Scene(seed, options);
        _faults = new Faults(_scene);
        _disturbances = new Disturbances(_scene, _guards, _agents);
        _toBreak = new Queue<Fault>(Choose(seed, options));
        var isAutomatic = seed % 2 == 0;
        for (var i = 0; i < 2; i++)
        {
            _guards.Add(new GuardProcess(_scene, i, i + 1, isAutomatic));
        }

        Region.Lost = machine => _agents.GetValueOrDefault(machine)?.Kill();
        Region.Booted = Begin;
    }

    public Coverage Coverage => _scene.Coverage;

    public string Log => $"{Region.Log}{Environment.NewLine}{JsonSerializer.Serialize(Region.Current)}";

    public ulong Trace => _scene.World.Trace;

    public int Harm => Region.Truth.Harm;

    public TimeSpan Now => Region.Now;

    /// <summary>How long after the last fault all was well again, or the disturbances ended.</summary>
    public TimeSpan BackAfter { get; private set; }

    private Region Region => _scene.Region;

    /// <summary>Runs it all.</summary>
    /// <returns>Whether all was well in the end, within the bound.</returns>
    /// <exception cref="SimulationException">Something happened that must never happen.</exception>
    public bool Run()
    {
        Region.Start();
        _scene.Cloud.Start();
        Begin(Region.Current);
        _guards.ForEach(guard => guard.Start());
        _disturbances.Start();
        _scene.Options.Prepare?.Invoke(_scene);
        new Maintenance(_scene, _guards, _agents).Start();
        _nextFault = TimeSpan.FromMinutes(3 + (_scene.Options.IsOnlyNoise ? _scene.Random.Next(90) : 0));
        var ticked = Region.Ticked;
        Region.Ticked = () =>
        {
            ticked?.Invoke();
            Tick();
        };
        var isBounded = _scene.Options.Faults > 0;
        _scene.World.RunUntil(_scene.Options.Chaos, () => isBounded && _toBreak.Count == 0 && IsSettled());
        BackAfter = Region.Now - _lastFault;
        Region.Say("--- nothing is disturbed from here on");
        _isOver = true;
        _disturbances.End();
        _faults.MendAll();
        _wellSince = null;
        return _scene.World.RunUntil(Region.Now + _scene.Options.Bound, IsSettled);
    }

    /// <summary>Every fault has its turn in the same number of runs; two that need a new machine don't meet.</summary>
    private static IEnumerable<Fault> Choose(int seed, RunOptions options)
    {
        var count = options.Faults;
        if (options.Only.Length > 0)
        {
            return Enumerable.Range(seed * count, count).Select(i => options.Only[i % options.Only.Length]);
        }

        // Some need more tries, for they are often over before anything is done about them.
        Fault[] all =
        [
            .. Enum.GetValues<Fault>(), Fault.ZoneCut, Fault.ZoneCut, Fault.ZoneCut, Fault.Silent, Fault.Hung,
            Fault.HungForGood, Fault.Terminated,
        ];
        var chosen = Enumerable.Range(seed * count, count).Select(i => Shuffled(i / all.Length)[i % all.Length])
            .Distinct().ToArray();
        return chosen.Contains(Fault.ZoneCut) ? chosen.Where(fault => fault != Fault.Terminated) : chosen;

        Fault[] Shuffled(int round)
        {
            var order = all.ToArray();
            new Random(round).Shuffle(order);
            return order;
        }
    }

    private void Begin(Machine machine)
    {
        // The agent of a machine that is being made begins when the endpoint leads to it.
        if (machine == Region.Current || _agents.ContainsKey(machine))
        {
            if (!_agents.TryGetValue(machine, out var agent))
            {
                agent = _agents[machine] = new AgentProcess(_scene, machine);
            }

            _scene.World.After(TimeSpan.FromSeconds(3), agent.Start);
        }
    }

    private void Tick()
    {
        if (!_agents.TryGetValue(Region.Current, out var agent))
        {
            Begin(Region.Current);
            ReturnOld();
        }
        else if (Region.Current.IsUp && !agent.IsRunning && _scene.Random.Next(10) == 0)
        {
            agent.Start();
        }

        Notice();
        NoteWell();
        if (_isOver || _toBreak.Count == 0 || Region.Now < _nextFault || !_faults.Suits(_toBreak.Peek()))
        {
            return;
        }

        var isPatient = _wellSince is { } since && Region.Now - since > SettledFor;
        if (isPatient || Region.Now - _lastFault > TimeSpan.FromMinutes(_hasCut ? 90 : 25)
            || (!_hasCut && _scene.Random.Next(400) == 0))
        {
            _lastFault = Region.Now;
            _nextFault = Region.Now + TimeSpan.FromSeconds(10 + _scene.Random.Next(100));
            _wellSince = null;
            _hasCut = _toBreak.Peek() == Fault.ZoneCut;
            _faults.Break(_toBreak.Dequeue());
        }
    }

    /// <summary>
    /// People notice by themselves that nothing works any more. A guard that was started anew while a machine is silent
    /// never heard its agent, and can't tell that it should.
    /// </summary>
    private void Notice()
    {
        _brokenSince = Region.IsHealthy ? null : _brokenSince ?? Region.Now;
        if (Region.Now - _brokenSince > NoticedAfter && Region.Current is { IsUp: true, IsSilent: true } machine)
        {
            Region.Say($"somebody resets {machine.Name} at its console");
            Region.Reset(machine);
        }
    }

    /// <summary>Somebody starts the machine whose place was taken.</summary>
    private void ReturnOld()
    {
        var old = Region.Machines[^2];
        _scene.World.After(TimeSpan.FromSeconds(60 + _scene.Random.Next(300)), () =>
        {
            if (old is { Power: Power.Off, IsFenced: true } && Region.Current != old)
            {
                Region.Say($"somebody starts {old.Name}");
                HideTheStore(old);
                old.Power = Power.Booting;
                old.PowerChanges = Region.Now + TimeSpan.FromSeconds(30);
            }
        });
    }

    /// <summary>Often an old machine's gate can't ask for a newer timeline: then its agent has to stand down.</summary>
    private void HideTheStore(Machine old)
    {
        if (_isOver || _scene.Random.Next(3) == 0)
        {
            return;
        }

        Region.Say($"zone {old.Zone} is cut off from the store meanwhile");
        Region.StoreCut[old.Zone] = true;
        _scene.World.After(
            TimeSpan.FromSeconds(60 + _scene.Random.Next(240)), () => Region.StoreCut[old.Zone] = false);
    }

    private void NoteWell()
    {
        var isWell = Region.IsHealthy && !_guards.Exists(guard => guard.HasPlan)
            && _agents.GetValueOrDefault(Region.Current)?.HasPlan != true;
        _wellSince = isWell ? _wellSince ?? Region.Now : null;
    }

    private bool IsSettled() => _wellSince is { } since && Region.Now - since > SettledFor
        && _guards.Exists(guard => guard.Leads);
}
