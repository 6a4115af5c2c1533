using Salvor.Formats.Etcd.Requests;

namespace Salvor.Tests.Etcd.Replay;

/// <summary>An operation as an object: a put, a delete, or a nested transaction.</summary>
internal sealed record NaiveOp(string Key, string? RangeEnd, string Value, long Lease, bool IsPut, bool KeepsValue,
    NaiveTxn? Nested)
{
    public bool Covers(string key) => RangeEnd is null
        ? key == Key
        : string.CompareOrdinal(key, Key) >= 0 && (RangeEnd == "\0" || string.CompareOrdinal(key, RangeEnd) < 0);

    public (RequestOpKind Kind, byte[] Body) Encode() => this switch
    {
        { Nested: { } nested } => (RequestOpKind.Txn, nested.Encode()),
        { IsPut: true } => (RequestOpKind.Put, Request.PutBody(Key, Value, Lease, KeepsValue)),
        _ => (RequestOpKind.DeleteRange, Request.DeleteBody(Key, RangeEnd)),
    };
}
