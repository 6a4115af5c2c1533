using Salvor.Formats;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Recovery.Outside;

/// <summary>Tells by its changes alone whether another guard watches, and what it sees.</summary>
/// <remarks>As with heartbeats, no clock of the other side's is read, and an older report that is late is no news.
/// </remarks>
internal sealed class PeerWatch(StoreJson objects, HolderId guard, TimeProvider time)
{
    private GuardReport? _newest;
    private bool _hasLooked;
    private bool _hasChanged;
    private long _since;

    /// <summary>Whether the guard was seen to report, and for how long it has not.</summary>
    public bool HasChanged => _hasChanged;

    /// <summary>For how long it is proven that there was no newer report.</summary>
    public TimeSpan Silence { get; private set; }

    /// <summary>Whether it sees the endpoint ready, as of its last report.</summary>
    public Truth Ready => _newest?.EndpointReady ?? Truth.Unknown;

    /// <exception cref="Errors.SalvorException">The store did not tell.</exception>
    /// <exception cref="CorruptDataException">The object is damaged.</exception>
    public async Task LookAsync(CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var name = RecoveryNames.Observation(guard);
        var report = (await objects.ReadAsync(name, RecoveryJson.Default.GuardReport, ct))?.Value;
        if (report?.Fault(guard) is { } fault)
        {
            throw new CorruptDataException(name.Value, 0, fault);
        }

        var isNews = report is not null
            && (_newest is null || report.Run != _newest.Run || report.Counter > _newest.Counter);
        if (isNews || !_hasLooked)
        {
            _hasChanged |= _hasLooked;
            (_newest, _hasLooked, _since, Silence) = (report, true, time.GetTimestamp(), TimeSpan.Zero);
            return;
        }

        var silence = time.GetElapsedTime(_since, start);
        Silence = silence > TimeSpan.Zero ? silence : TimeSpan.Zero;
    }
}
