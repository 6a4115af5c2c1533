using Salvor.Node.Identity;
using Salvor.Node.Runtime;
using Salvor.Node.Systemd;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Gate;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.OnMachine;
using Salvor.Recovery.OnMachine.Hands;
using Salvor.Recovery.OnMachine.Journal;
using Salvor.Recovery.OnMachine.Looks;
using Salvor.Recovery.OnMachine.Probes;

namespace Salvor.Daemon;

/// <summary>What an agent is made of, for a machine: also of those commands that look, or act, just once.</summary>
internal sealed class AgentParts : IDisposable
{
    private static readonly Uri KubeletAddress = new("http://127.0.0.1:10248");
    private static readonly TimeSpan KubeletLimit = TimeSpan.FromSeconds(3);

    private readonly List<IDisposable> _owned = [];
    private readonly AgentMachine _machine;
    private readonly MachineLookout _lookout;
    private readonly AgentHands _hands;

    public AgentParts(AgentMachine machine, RepositoryAccess repository)
    {
        _machine = machine;
        var held = new HeldManifest(machine.Files, machine.EtcdManifestPath, machine.Time);
        var units = new SystemUnits(machine.Processes);
        var runtime = Own(new ContainerRuntime(ContainerRuntime.FindSocket(machine.Files), machine.Time));
        var healthz = Own(new HttpProbe(KubeletAddress, certificate: null, KubeletLimit, machine.Time));
        var api = Own(new ApiServerLook(machine));
        Stamp = new NodeIdentityFile(machine.Files, "/");
        Etcd = Own(new EtcdLook(machine, held));
        Timeline = new TimelineLook(repository.OpenAsync, Stamp, machine.Time);
        var pods = new PodHands(runtime);
        var hold = new EtcdHold(machine, held, pods);
        Recovered = new RecoveredFile(machine.Files, AgentMachine.OwnDirectory);
        Data = new DataRecovery(machine, hold, repository.OpenAsync, Recovered);
        _lookout = new MachineLookout(
            [
                new KubeletLook(healthz, units), new ContainerLook(runtime, machine.Time), api, Etcd,
                new DataLookout(machine, held), Timeline,
            ],
            machine.Time);
        _hands = new AgentHands(machine, new KubeletHands(machine, units, healthz), pods, hold, Data, api);
    }

    public NodeIdentityFile Stamp { get; }

    public EtcdLook Etcd { get; }

    public TimelineLook Timeline { get; }

    public RecoveredFile Recovered { get; }

    public DataRecovery Data { get; }

    /// <summary>A driver that keeps the machine's own journal.</summary>
    public RecoveryDriver Driver(
        RecoveryMode mode, Action<JournalEntry> journaled, Action<Recovery.Evidence.Observations, EngineState> looked)
    {
        var settings = new RecoverySettings(AgentCauses.All, RungTable.Agent) { Mode = mode, Owner = "agent" };
        return new RecoveryDriver(
            new RecoveryMachine(settings), _lookout, _hands,
            new FileJournal(_machine.Files, Path.Combine(AgentMachine.OwnDirectory, "journal")), _machine.Time,
            new DriverOptions())
        {
            Journaled = journaled,
            Looked = looked,
        };
    }

    public void Dispose()
    {
        foreach (var part in _owned)
        {
            part.Dispose();
        }
    }

    private T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }
}
