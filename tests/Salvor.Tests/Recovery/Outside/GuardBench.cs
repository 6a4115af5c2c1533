using Salvor.Errors;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Outside;
using Salvor.Repository;

namespace Salvor.Tests.Recovery.Outside;

/// <summary>One guard in a simulated world: its ways to store, cloud and endpoint, and all that it says.</summary>
internal sealed class GuardBench : IDisposable
{
    private readonly GuardScene _scene;
    private readonly OpenRepository _repository;
    private readonly CancellationTokenSource _stop = new();
    private readonly Guard _guard;
    private Task _running = Task.CompletedTask;

    public GuardBench(GuardScene scene, string name, RecoveryMode mode)
    {
        _scene = scene;
        Store = new SwitchedStore(scene.Store);
        _repository = new OpenRepository(Store, scene.Sealer);
        var target = HandsBench.TargetOf(name);
        var entropy = new SeededEntropy((name.Length * 31) + name[^1]);
        var parts = new GuardParts(OpenCloud, _ => Task.FromResult(_repository), entropy, scene.Time);
        var lookout = new GuardLookout(
            target, _ => Task.FromResult(Endpoint()), OpenCloud, _ => Task.FromResult(_repository), entropy,
            scene.Time);
        _guard = new Guard(target, lookout, parts, mode, new GuardNews
        {
            Said = Said.Add,
            Journaled = Entries.Add,
            Looked = _ => Looks++,
            Decided = state => Decided = state,
            Leads = isLeader => IsLeader = isLeader,
        });
    }

    public SwitchedStore Store { get; }

    /// <summary>Whether this guard reaches the cloud.</summary>
    public bool HasCloud { get; set; } = true;

    /// <summary>What it sees of the endpoint.</summary>
    public Func<EndpointSight> Endpoint { get; set; } = () => default;

    public List<string> Said { get; } = [];

    public List<JournalEntry> Entries { get; } = [];

    public int Looks { get; private set; }

    /// <summary>What its engine makes of the last look; null while it decides nothing.</summary>
    public EngineState? Decided { get; private set; }

    public bool IsLeader { get; private set; }

    public bool HasLed => Said.Exists(text => text.StartsWith("leads", StringComparison.Ordinal));

    public void Start() => _running = _guard.RunAsync(_stop.Token);

    /// <summary>Told to end, as by SIGTERM.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>Dies: nothing that it would do from now on reaches anybody.</summary>
    public void Die()
    {
        Store.IsAway = true;
        HasCloud = false;
        _stop.Cancel();
    }

    public void Dispose() => _stop.Dispose();

    private Task<CloudPorts> OpenCloud(CancellationToken ct) => HasCloud
        ? _scene.Cloud.OpenAsync(ct)
        : Task.FromException<CloudPorts>(
            new SalvorException(ErrorCode.CloudUnreachable, "The cloud does not answer.") { IsTransient = true });
}
