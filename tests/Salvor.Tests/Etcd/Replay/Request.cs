using System.Buffers;
using System.Text;
using Salvor.Formats.Etcd.Requests;
using Salvor.Formats.Protobuf;

namespace Salvor.Tests.Etcd.Replay;

/// <summary>Encodes requests as etcd logs them.</summary>
internal static class Request
{
    public static byte[] Put(string key, string value, long lease = 0, bool ignoreValue = false,
        bool ignoreLease = false) =>
        Wrap(RaftRequestKind.Put, PutBody(key, value, lease, ignoreValue, ignoreLease));

    public static byte[] Delete(string key, string? rangeEnd = null) =>
        Wrap(RaftRequestKind.DeleteRange, DeleteBody(key, rangeEnd));

    public static byte[] Txn(byte[] body) => Wrap(RaftRequestKind.Txn, body);

    public static byte[] Compact(long revision) =>
        Wrap(RaftRequestKind.Compaction, Message(w => w.VarintUnlessZero(1, (ulong)revision)));

    public static byte[] Grant(long id, long ttl) => Wrap(RaftRequestKind.LeaseGrant, Message(w =>
    {
        w.VarintUnlessZero(1, (ulong)ttl);
        w.VarintUnlessZero(2, (ulong)id);
    }));

    public static byte[] Revoke(long id) =>
        Wrap(RaftRequestKind.LeaseRevoke, Message(w => w.VarintUnlessZero(1, (ulong)id)));

    public static byte[] Alarm(AlarmAction action, ulong member, int alarm) => Wrap(RaftRequestKind.Alarm, Message(w =>
    {
        w.VarintUnlessZero(1, (ulong)action);
        w.VarintUnlessZero(2, member);
        w.VarintUnlessZero(3, (ulong)alarm);
    }));

    public static byte[] Empty(RaftRequestKind kind) => Wrap(kind, []);

    public static byte[] PutBody(string key, string value, long lease = 0, bool ignoreValue = false,
        bool ignoreLease = false) => Message(w =>
    {
        w.BytesUnlessEmpty(1, Utf8(key));
        w.BytesUnlessEmpty(2, Utf8(value));
        w.VarintUnlessZero(3, (ulong)lease);
        w.VarintUnlessZero(5, ignoreValue ? 1UL : 0);
        w.VarintUnlessZero(6, ignoreLease ? 1UL : 0);
    });

    public static byte[] DeleteBody(string key, string? rangeEnd) => Message(w =>
    {
        w.BytesUnlessEmpty(1, Utf8(key));
        w.BytesUnlessEmpty(2, Utf8(rangeEnd ?? ""));
    });

    public static byte[] RangeBody(string key, long revision) => Message(w =>
    {
        w.BytesUnlessEmpty(1, Utf8(key));
        w.VarintUnlessZero(4, (ulong)revision);
    });

    public static byte[] CompareBody(CompareTarget target, CompareResult result, string key, object operand,
        string? rangeEnd = null) => Message(w =>
    {
        w.VarintUnlessZero(1, (ulong)result);
        w.VarintUnlessZero(2, (ulong)target);
        w.BytesUnlessEmpty(3, Utf8(key));
        if (operand is string text)
        {
            w.Bytes(7, Utf8(text));
        }
        else
        {
            w.Varint(target == CompareTarget.Lease ? 8 : 4 + (int)target, (ulong)(long)operand);
        }

        w.BytesUnlessEmpty(64, Utf8(rangeEnd ?? ""));
    });

    /// <summary>
    /// A transaction's body out of compares and operations (1 range, 2 put, 3 delete, 4 txn) with their bodies.
    /// </summary>
    public static byte[] TxnBody(byte[][] compares, (RequestOpKind, byte[])[] success,
        (RequestOpKind, byte[])[] failure) => Message(w =>
    {
        foreach (var compare in compares)
        {
            w.Bytes(1, compare);
        }

        foreach (var (kind, body) in success)
        {
            w.Bytes(2, Message(o => o.Bytes((int)kind, body)));
        }

        foreach (var (kind, body) in failure)
        {
            w.Bytes(3, Message(o => o.Bytes((int)kind, body)));
        }
    });

    private static byte[] Wrap(RaftRequestKind kind, byte[] body) => Message(w =>
    {
        w.Bytes((int)kind, body);
        if ((int)kind < 100)
        {
            w.Bytes(100, Message(h => h.Varint(1, 12345)));
        }
    });

    private static byte[] Message(Action<ProtoWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(new ProtoWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
