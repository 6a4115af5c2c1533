using System.Buffers;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Platform;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Repository.Keys;
using Salvor.Repository.Snapshots;

namespace Salvor.Recovery.Gate;

/// <summary>A repository as the gate sees it: by its objects' names, and with its key only where something is wrong.
/// </summary>
/// <param name="store">Where its objects are.</param>
/// <param name="open">Opens it with its key. Called when that is needed, and once.</param>
/// <param name="time">For the names of records.</param>
/// <param name="entropy">For the same, and for their seals.</param>
public sealed class StoredTimelines(
    IObjectStore store, Func<CancellationToken, Task<OpenedRepository>> open, TimeProvider time, IEntropy entropy)
    : IGateRepository, IDisposable
{
    private OpenedRepository? _opened;

    public string Location => store.Location;

    public async Task<TimelineId?> FindNewestAsync(TimelineId? known, CancellationToken ct)
    {
        var newest = known ?? new TimelineId(1);
        var isThere = IsBegunAsync(newest, ct);
        var hasNext = IsBegunAsync(newest.Next, ct);
        if (!await isThere)
        {
            await hasNext;
            return null;
        }

        while (await hasNext)
        {
            newest = newest.Next;
            hasNext = IsBegunAsync(newest.Next, ct);
        }

        // A recovery makes a timeline active before it is begun. Only the claim itself tells, and opening it takes the
        // key; mostly there is none.
        return await store.HeadAsync(RecoveryNames.Claim(newest.Next), ct) is null
            ? newest
            : await ReadActiveAsync(newest, ct);
    }

    public async Task<string?> FindClusterAsync(TimelineId timeline, CancellationToken ct)
    {
        try
        {
            return (await new SnapshotCatalog(await OpenAsync(ct)).ReadBeginAsync(timeline, ct)).ClusterId;
        }
        catch (CorruptDataException e)
        {
            throw new SalvorException(ErrorCode.Corrupt, e.Message, e);
        }
    }

    /// <summary>The newest timeline that a cluster writes to; null where it has none.</summary>
    /// <param name="cluster">The cluster's id, in hex without leading zeros.</param>
    /// <param name="ct">Ends the looking.</param>
    public async Task<TimelineId?> FindTimelineOfAsync(string cluster, CancellationToken ct)
    {
        for (var next = await FindNewestAsync(known: null, ct); next is { Value: > 0 } timeline;
            next = new TimelineId(timeline.Value - 1))
        {
            if ((await FindClusterAsync(timeline, ct))?.TrimStart('0') == cluster)
            {
                return timeline;
            }
        }

        return null;
    }

    public async Task<string> RecordAsync(GateRecord record, CancellationToken ct)
    {
        var repository = await OpenAsync(ct);
        var name = RecoveryNames.GateRecord(ObjectId.New(time, entropy));
        var content = repository.Sealer.Seal(ObjectKind.Recovery, name, record.ToJson());
        await store.PutAsync(name, new ReadOnlySequence<byte>(content), PutCondition.None, ct);
        return name.Value;
    }

    public void Dispose() => _opened?.Dispose();

    private async Task<TimelineId?> ReadActiveAsync(TimelineId begun, CancellationToken ct)
    {
        try
        {
            return (await new RepositoryTimelines(await OpenAsync(ct)).ReadSinceAsync(begun, ct)).Newest;
        }
        catch (CorruptDataException e)
        {
            throw new SalvorException(ErrorCode.Corrupt, e.Message, e);
        }
    }

    private async Task<bool> IsBegunAsync(TimelineId timeline, CancellationToken ct) =>
        await store.HeadAsync(RepositoryNames.Begin(timeline), ct) is not null;

    private async Task<OpenRepository> OpenAsync(CancellationToken ct)
    {
        _opened ??= await open(ct);
        return _opened.ForObjects(entropy);
    }
}
