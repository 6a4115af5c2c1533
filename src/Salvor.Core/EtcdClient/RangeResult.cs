namespace Salvor.EtcdClient;

/// <param name="Revision">The store's revision when the answer was made.</param>
/// <param name="KeyValues">In key order.</param>
/// <param name="HasMore">Whether the limit left keys out.</param>
/// <param name="CountKeys">How many keys the range holds, limit or not.</param>
public sealed record RangeResult(long Revision, IReadOnlyList<EtcdKeyValue> KeyValues, bool HasMore, long CountKeys)
{
    internal static RangeResult From(Protos.RangeResponse answer) =>
        new(answer.Header?.Revision ?? 0, [.. answer.Kvs.Select(EtcdKeyValue.From)], answer.More, answer.Count);
}
