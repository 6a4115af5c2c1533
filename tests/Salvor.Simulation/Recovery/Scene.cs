using Salvor.ObjectStore.Probe;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Repository;
using Salvor.Repository.Keys;
using Salvor.Simulation.Recovery.Model;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery;

/// <summary>What all processes of a run share: the region, its cloud and its store.</summary>
internal sealed class Scene
{
    private readonly List<(ActorStore Network, Func<bool> IsCutOff)> _networks = [];

    public Scene(int seed, RunOptions options)
    {
        Options = options;
        World = new SimulatedWorld(seed);
        Entropy = new SeededEntropy(seed);
        Sealer = new ObjectSealer(RepositoryId.New(Entropy), RepositoryKey.New(Entropy), Entropy);
        Region = new Region(World) { GateIsOpen = !options.Safety.HasGate };
        Cloud = new Provider(Region);
        Noise = new Noise(World.Random);
        Peers = new PeerViews(World);
        var memory = new MemoryStore();
        Store = new ObservedStore(memory, Sealer, Region, options.StoreLies);
        Probe = World.Run(() => new StoreProbe(
            options.Safety.ProbesStore ? Store : memory, Entropy, TimeProvider.System).RunAsync(default));
        World.Run(() => memory.PutAsync(
            RepositoryNames.Begin(new TimelineId(1)), new([(byte)'b']), ObjectStore.PutCondition.None, default));
        Region.Ticked = () => _networks.ForEach(network => network.Network.IsCutOff = network.IsCutOff());
    }

    public RunOptions Options { get; }

    public Safety Safety => Options.Safety;

    public SimulatedWorld World { get; }

    public Region Region { get; }

    public Provider Cloud { get; }

    public Noise Noise { get; }

    public PeerViews Peers { get; }

    public ObservedStore Store { get; }

    public ObjectSealer Sealer { get; }

    public SeededEntropy Entropy { get; }

    public ProbeReport Probe { get; }

    public Coverage Coverage { get; } = new();

    /// <summary>How often a process dies at an entry of its journal.</summary>
    public double Crashes { get; set; }

    public Random Random => World.Random;

    /// <summary>A process's own way to the store.</summary>
    public ActorStore NewNetwork(Func<bool> isCutOff)
    {
        var network = new ActorStore(World, Store, Region.Weather) { IsCutOff = isCutOff() };
        _networks.Add((network, isCutOff));
        return network;
    }

    public void Looked(string who, Observations seen, EngineState state)
    {
        Coverage.Looks++;
        foreach (var finding in state.Findings)
        {
            Coverage.Seen.TryAdd(finding.Cause.Id, 1);
        }
    }

    public void Journaled(string who, JournalEntry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Opened:
                Coverage.ActedOn.TryAdd(entry.Cause, 1);
                Coverage.Opened.TryAdd(entry.Rung!.Value, 1);
                break;
            case EntryKind.TakingBack:
                Coverage.TakenBack.TryAdd(entry.Rung!.Value, 1);
                break;
            case EntryKind.Outcome when entry.Result == StepResult.Done:
                Coverage.Steps.TryAdd(entry.Step!.Value, 1);
                break;
            case EntryKind.Intent:
                Coverage.StepsBegun++;
                break;
            default:
                break;
        }

        Region.Say($"{who}: {entry.Kind} {entry.Cause} {entry.Rung} {entry.Step} {entry.Result} {Short(entry.Text)}");
    }

    private static string Short(string text) => text.Length <= 160 ? text : text[..160] + "...";
}
