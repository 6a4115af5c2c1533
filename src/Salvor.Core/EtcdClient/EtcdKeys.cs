using Google.Protobuf;
using Salvor.EtcdClient.Protos;

namespace Salvor.EtcdClient;

/// <summary>etcd's KV service.</summary>
public sealed class EtcdKeys
{
    private readonly EtcdConnection _connection;

    internal EtcdKeys(EtcdConnection connection) => _connection = connection;

    public async Task<RangeResult> RangeAsync(KeyRange range, RangeOptions options, CancellationToken ct)
    {
        var request = new RangeRequest
        {
            Key = range.StartBytes,
            RangeEnd = range.EndBytes,
            Limit = options.LimitKeys,
            Revision = options.Revision,
            Serializable = options.IsSerializable,
            KeysOnly = options.KeysOnly,
            CountOnly = options.CountOnly,
        };
        var answer = await _connection.CallAsync(
            "range", CallKind.Read, scope => new KV.KVClient(scope.Invoker).RangeAsync(request, scope.Options), ct);
        return RangeResult.From(answer);
    }

    /// <summary>The newest value of a key; null when there is none.</summary>
    public async Task<EtcdKeyValue?> GetAsync(ReadOnlyMemory<byte> key, CancellationToken ct)
    {
        var result = await RangeAsync(KeyRange.Key(key), RangeOptions.Default, ct);
        return result.KeyValues.Count > 0 ? result.KeyValues[0] : null;
    }

    /// <returns>The revision of the put.</returns>
    public async Task<long> PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, long leaseId,
        CancellationToken ct)
    {
        var request = new PutRequest
        {
            Key = UnsafeByteOperations.UnsafeWrap(key),
            Value = UnsafeByteOperations.UnsafeWrap(value),
            Lease = leaseId,
        };
        var answer = await _connection.CallAsync(
            "put", CallKind.Write, scope => new KV.KVClient(scope.Invoker).PutAsync(request, scope.Options), ct);
        return answer.Header.Revision;
    }

    /// <returns>How many keys were deleted.</returns>
    public async Task<long> DeleteRangeAsync(KeyRange range, CancellationToken ct)
    {
        var request = new DeleteRangeRequest { Key = range.StartBytes, RangeEnd = range.EndBytes };
        var answer = await _connection.CallAsync(
            "delete range",
            CallKind.Write,
            scope => new KV.KVClient(scope.Invoker).DeleteRangeAsync(request, scope.Options),
            ct);
        return answer.Deleted;
    }

    /// <summary>
    /// Runs <paramref name="onSuccess"/> when every condition holds, else <paramref name="otherwise"/>, as one
    /// revision.
    /// </summary>
    public async Task<TxnResult> TxnAsync(
        IEnumerable<TxnCompare> conditions,
        IEnumerable<TxnOperation> onSuccess,
        IEnumerable<TxnOperation> otherwise,
        CancellationToken ct)
    {
        var request = new TxnRequest();
        request.Compare.AddRange(conditions.Select(c => c.Message));
        request.Success.AddRange(onSuccess.Select(o => o.Message));
        request.Failure.AddRange(otherwise.Select(o => o.Message));
        var answer = await _connection.CallAsync(
            "transaction", CallKind.Write, scope => new KV.KVClient(scope.Invoker)
                .TxnAsync(request, scope.Options), ct);
        var ranges = answer.Responses
            .Where(r => r.ResponseCase == ResponseOp.ResponseOneofCase.ResponseRange)
            .Select(r => RangeResult.From(r.ResponseRange));
        return new TxnResult(answer.Header.Revision, answer.Succeeded, [.. ranges]);
    }

    /// <summary>Drops what was superseded before <paramref name="revision"/>.</summary>
    /// <param name="revision">The oldest revision that can still be read afterwards.</param>
    /// <param name="waitsUntilDone">Whether to answer only when the old revisions are gone from the database.</param>
    /// <param name="ct">Ends the waiting, not the compaction.</param>
    public Task CompactAsync(long revision, bool waitsUntilDone, CancellationToken ct)
    {
        var request = new CompactionRequest { Revision = revision, Physical = waitsUntilDone };
        return _connection.CallLongAsync(
            "compact", CallKind.Write, scope => new KV.KVClient(scope.Invoker)
                .CompactAsync(request, scope.Options), ct);
    }
}
