using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Platform;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Recovery.Outside;

/// <summary>The guards of one cluster tell each other what they see, by small objects in the repository.</summary>
/// <remarks>
/// A guard that sees the endpoint ready keeps the others from harm. One that was there a moment ago and is silent now
/// leaves it unknown what it sees. Silent for longer, it counts as one that is not there: else a guard that was taken
/// down would keep the others from acting for ever.
/// </remarks>
internal sealed class Peers(GuardTarget target, IEntropy entropy, TimeProvider time)
{
    private const int PeersMax = 16;

    /// <summary>After how many looks it is looked for guards that are new.</summary>
    private const int ListEvery = 20;

    /// <summary>A report without news is a put that costs: every other look's does.</summary>
    private const int ReportEvery = 2;

    private readonly Dictionary<HolderId, PeerWatch> _peers = [];
    private readonly string _run = Nonce.New(entropy);
    private long _counter;
    private int _looks;
    private int _reports;
    private (Truth Accepts, Truth Ready) _told;

    /// <summary>Says what this guard sees.</summary>
    /// <exception cref="SalvorException">The store did not take it.</exception>
    public async Task ReportAsync(StoreJson objects, Observations seen, bool isLeader, CancellationToken ct)
    {
        var news = (seen[Sign.EndpointAccepts].Truth, seen[Sign.EndpointReady].Truth);
        if (_reports++ % ReportEvery != 0 && news == _told)
        {
            return;
        }

        var report = new GuardReport
        {
            Guard = target.Guard.Value,
            Run = _run,
            Counter = ++_counter,
            EndpointAccepts = seen[Sign.EndpointAccepts].Truth,
            EndpointReady = seen[Sign.EndpointReady].Truth,
            HeartbeatFresh = seen[Sign.HeartbeatFresh].Truth,
            ProviderReachable = seen[Sign.ProviderReachable].Truth,
            IsLeader = isLeader,
            Written = time.GetUtcNow(),
        };
        var write = await objects.WriteAsync(
            RecoveryNames.Observation(target.Guard), report, RecoveryJson.Default.GuardReport, PutCondition.None, ct);
        _told = write.Fault is { } fault ? throw fault : news;
    }

    /// <summary>What the others see.</summary>
    /// <exception cref="SalvorException">The store did not tell.</exception>
    public async Task<Observations> LookAsync(StoreJson objects, CancellationToken ct)
    {
        if (_looks++ % ListEvery == 0)
        {
            await FindAsync(objects, ct);
        }

        var truth = Truth.No;
        var by = "no other guard watches";
        foreach (var (guard, peer) in _peers)
        {
            var sees = await SeesAsync(peer, ct);
            if (sees is { } saw && (saw == Truth.Yes || (saw == Truth.Unknown && truth == Truth.No)))
            {
                (truth, by) = (saw, guard.Value);
            }
            else if (sees == Truth.No && truth == Truth.No)
            {
                by = $"{guard} does not";
            }
        }

        return Observations.None.With(Sign.PeerSeesReady, truth, by);
    }

    /// <summary>What one sees; null for one that is not there.</summary>
    private async Task<Truth?> SeesAsync(PeerWatch peer, CancellationToken ct)
    {
        try
        {
            await peer.LookAsync(ct);
        }
        catch (CorruptDataException)
        {
            return Truth.Unknown;
        }

        return peer.Silence > target.Times.PeerGone ? null
            : !peer.HasChanged || peer.Silence > target.Times.ReportLimit ? Truth.Unknown
            : peer.Ready;
    }

    private async Task FindAsync(StoreJson objects, CancellationToken ct)
    {
        const int NamesMax = 1000;
        foreach (var name in await objects.ListAsync(RecoveryNames.Observations, NamesMax, ct))
        {
            if (HolderId.TryParse(name.Value[RecoveryNames.Observations.Length..], out var guard)
                && guard != target.Guard && _peers.Count < PeersMax)
            {
                _peers.TryAdd(guard, new PeerWatch(objects, guard, time));
            }
        }
    }
}
