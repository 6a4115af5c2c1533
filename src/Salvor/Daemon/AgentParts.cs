using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Node;
using Salvor.Node.Identity;
using Salvor.Node.Runtime;
using Salvor.Node.Systemd;
using Salvor.Platform.Linux;
using Salvor.Readiness.Protect.Machine;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Gate;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.OnMachine;
using Salvor.Recovery.OnMachine.Certificates;
using Salvor.Recovery.OnMachine.Disk;
using Salvor.Recovery.OnMachine.Hands;
using Salvor.Recovery.OnMachine.Journal;
using Salvor.Recovery.OnMachine.Looks;
using Salvor.Recovery.OnMachine.Manifests;
using Salvor.Recovery.OnMachine.Probes;
using Salvor.Recovery.Shared;

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
    private readonly ManifestLook _manifests;
    private readonly DiskReserve _reserve;

    /// <param name="machine">Which machine.</param>
    /// <param name="repository">Its repository.</param>
    /// <param name="backUp">Takes a snapshot of its etcd.</param>
    public AgentParts(
        AgentMachine machine, RepositoryAccess repository, Func<CancellationToken, Task<StepReport>> backUp)
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
        var node = new NodeFiles(machine.Files, "/");
        var clock = new ClockLook(node, machine.Time, KernelClock.IsSynchronized);
        var settings = new ManifestSettings
        {
            Directory = machine.ManifestDirectory,
            HeldDirectory = held.Directory,
        };
        var history = new ManifestHistory(node);
        var places = new DiskPlaces(node, EtcdDirectories(machine, held));
        _manifests = new ManifestLook(node, settings, history, machine.Time);
        _reserve = new DiskReserve(places, machine.Processes);
        var pods = new PodHands(runtime);
        var hold = new EtcdHold(machine, held, pods, Timeline);
        Recovered = new RecoveredFile(machine.Files, AgentMachine.OwnDirectory);
        Data = new DataRecovery(machine, hold, repository.OpenAsync, Recovered);
        _lookout = new MachineLookout(
            [
                new KubeletLook(healthz, units), new ContainerLook(runtime, machine.Time), api, Etcd,
                new DataLookout(machine, held), Timeline, clock, new CertificateLook(node, machine.Time), _manifests,
                new DiskLook(places), new DiskStallLook(node, Etcd.GaugesAsync),
            ],
            machine.Time);
        var repairs = new AgentRepairs(
            machine, held, pods, new ManifestRepair(node, settings, history, machine.Time),
            new CertificateRepair(node, machine.Time, machine.Entropy, clock), _reserve, units);
        _hands = new AgentHands(machine, new KubeletHands(machine, units, healthz), pods, hold, Data, api)
        {
            Repairs = repairs.Steps(backUp),
        };
    }

    public NodeIdentityFile Stamp { get; }

    public EtcdLook Etcd { get; }

    public TimelineLook Timeline { get; }

    public RecoveredFile Recovered { get; }

    public DataRecovery Data { get; }

    public ILookout Lookout => _lookout;

    /// <summary>The machine's own journal.</summary>
    public FileJournal Journal => new(_machine.Files, Path.Combine(AgentMachine.OwnDirectory, "journal"));

    /// <summary>What people leave on the machine for its agent.</summary>
    public FileNotices Notices => new(_machine.Files, AgentMachine.OwnDirectory);

    public static RecoverySettings Settings(RecoveryMode mode) =>
        new(AgentCauses.All, RungTable.Agent) { Mode = mode, Owner = "agent" };

    /// <summary>A driver that keeps the machine's own journal.</summary>
    public RecoveryDriver Driver(
        RecoveryMode mode, NoticeHeed heed, Action<JournalEntry> journaled, Action<Observations, EngineState> looked) =>
        new(new RecoveryMachine(Settings(mode)), _lookout, _hands, Journal, _machine.Time, new DriverOptions())
        {
            Hear = heed.HearAsync,
            Journaled = journaled,
            Looked = looked,
        };

    /// <summary>While all is well: what works is remembered, and space is kept for when it is not.</summary>
    public void KeepWell()
    {
        _manifests.RememberGood();
        _reserve.Keep();
    }

    public void Dispose()
    {
        foreach (var part in _owned)
        {
            part.Dispose();
        }
    }

    /// <summary>Where etcd's files are, by its manifest; kubeadm's place where none can be read.</summary>
    private static ImmutableArray<string> EtcdDirectories(AgentMachine machine, HeldManifest held)
    {
        try
        {
            var manifest = EtcdManifest.Load(machine.Files, held.CurrentPath);
            return manifest.WalDirectory is { } wal ? [manifest.DataDirectory, wal] : [manifest.DataDirectory];
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return ["/var/lib/etcd"];
        }
    }

    private T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }
}
