using Salvor.Errors;
using Salvor.Formats;
using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>Tells by its changes alone whether a heartbeat goes on.</summary>
/// <remarks>
/// No clock of the owner's is read. A put that arrives late may show an older beat of the same run, which is no sign of
/// life. Silence is what two looks prove: from the end of the first that saw the beat to the start of the last. A
/// looker whose machine slept measures less silence than there was.
/// </remarks>
public sealed class HeartbeatWatch(StoreJson objects, HolderId holder, TimeProvider time)
{
    private const int HoldersMax = 1000;

    private Heartbeat? _newest;
    private bool _hasLooked;
    private long _since;

    /// <summary>All that ever had a heartbeat here. A list may lag.</summary>
    public static async Task<IReadOnlyList<HolderId>> ListAsync(StoreJson objects, CancellationToken ct)
    {
        var found = new List<HolderId>();
        foreach (var name in await objects.ListAsync(RecoveryNames.Heartbeats, HoldersMax, ct))
        {
            if (HolderId.TryParse(name.Value[RecoveryNames.Heartbeats.Length..], out var holder))
            {
                found.Add(holder);
            }
        }

        return found;
    }

    /// <summary>Looks once.</summary>
    /// <exception cref="SalvorException">
    /// The store did not tell. That is no silence of the owner's, and what was proven before still is.
    /// </exception>
    /// <exception cref="CorruptDataException">The object is damaged.</exception>
    public async Task<HeartbeatSight> LookAsync(CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var found = await objects.ReadAsync(RecoveryNames.Heartbeat(holder), RecoveryJson.Default.Heartbeat, ct);
        if (found?.Value.Fault(holder) is { } fault)
        {
            throw new CorruptDataException(RecoveryNames.Heartbeat(holder).Value, 0, fault);
        }

        var beat = found?.Value;
        var isNews = beat is not null && (_newest is null || IsAfter(beat, _newest));
        var isFirst = !_hasLooked;
        if (isNews || isFirst)
        {
            (_newest, _hasLooked, _since) = (beat, true, time.GetTimestamp());
            return new HeartbeatSight(_newest, TimeSpan.Zero, HasChanged: !isFirst);
        }

        var silence = time.GetElapsedTime(_since, start);
        return new HeartbeatSight(_newest, silence > TimeSpan.Zero ? silence : TimeSpan.Zero, HasChanged: false);
    }

    private static bool IsAfter(Heartbeat beat, Heartbeat other) =>
        beat.Run != other.Run || beat.Counter > other.Counter;
}
