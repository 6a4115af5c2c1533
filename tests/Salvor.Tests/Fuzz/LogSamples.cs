using System.Buffers.Binary;
using Salvor.Formats.Etcd.Requests;
using Salvor.Formats.Raft;
using Salvor.Tests.Etcd.Replay;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Fuzz;

/// <summary>Small WALs of one to three segments that hold every kind of record and of request.</summary>
internal static class LogSamples
{
    /// <summary>One request of each kind that changes keys, in an order in which all of them do.</summary>
    public static IReadOnlyList<byte[]> Requests { get; } =
    [
        Request.Grant(7, 3600), Request.Put("a", "one", lease: 7), Request.Put("b", "two"),
            Request.Put("a", "", ignoreValue: true),
        Request.Put("a", "three", ignoreLease: true), Request.Delete("a", "b"), Request.Delete("x"),
        Request.Txn(Request.TxnBody(
            [
                Request.CompareBody(CompareTarget.Version, CompareResult.Greater, "b", 0L),
                Request.CompareBody(CompareTarget.Value, CompareResult.Equal, "b", "two"),
            ],
            [
                (RequestOpKind.Put, Request.PutBody("c", "four")), (RequestOpKind.Range, Request.RangeBody("c", 0)),
                (RequestOpKind.Txn,
                    Request.TxnBody([], [(RequestOpKind.DeleteRange, Request.DeleteBody("b", null))], [])),
            ],
            [(RequestOpKind.Put, Request.PutBody("d", "five"))])),
        Request.Alarm(AlarmAction.Activate, 5, 1), Request.Put("refused", "x"),
            Request.Alarm(AlarmAction.Deactivate, 5, 1),
        Request.Compact(3), Request.Revoke(7), Request.Empty(RaftRequestKind.ClusterVersionSet),
            Request.Empty(RaftRequestKind.LeaseCheckpoint),
        Request.Txn(Nested(60)), Request.Empty(RaftRequestKind.AuthEnable),
    ];

    public static IReadOnlyList<Sample> All { get; } =
    [
        Of("requests", Wal(segments: 1, repeats: 2)),
        Of("three segments", Wal(segments: 3, repeats: 3)),
        Of("plain entries", WalSample.WithEntries(40, dataBytes: 200)),
        Of("rewritten tail", WalSample.WithEntries(12).Entry(9, [1, 2, 3], 2).Entry(10, [], 2)
            .State(new HardState(2, 1, 10))),
        Preallocated(),
        .. EtcdFixture.All.Select(f => new Sample(f.Version, f.Wal) { Fields = [FieldsOf(f.Wal)] }),
    ];

    private static WalSample Wal(int segments, int repeats)
    {
        var sample = new WalSample();
        var index = 1UL;
        for (var segment = 0; segment < segments; segment++)
        {
            sample = segment == 0 ? sample : sample.Cut(index);
            for (var i = 0; i < repeats; i++)
            {
                foreach (var request in Requests.Take(Requests.Count - 1))
                {
                    sample.Entry(index++, request, term: 2);
                }
            }

            sample.State(new HardState(2, WalSample.Owner.MemberId, index - 1));
        }

        return sample;
    }

    private static Sample Preallocated()
    {
        var file = WalSample.WithEntries(5).Files[0];
        return new Sample("preallocated", [.. file, .. new byte[16_384 - file.Length]]) { Fields = [FieldsOf(file)] };
    }

    private static Sample Of(string name, WalSample wal) =>
        new(name, wal.Files) { Fields = [.. wal.Files.Select(FieldsOf)] };

    /// <summary>The frames' length fields, and the first bytes of records, which hold kind, sum and length.</summary>
    private static IReadOnlyList<Field> FieldsOf(byte[] file)
    {
        var fields = new List<Field>();
        for (var offset = 0; offset + 8 <= file.Length;)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(offset));
            fields.AddRange(new Field(offset, 8), new Field(offset, 4), new Field(offset + 7, 1),
                new Field(offset + 9, 1));
            fields.AddRange(Enumerable.Range(offset + 11, 16).Where(at => at < file.Length)
                .Select(at => new Field(at, 1)));
            if (word == 0)
            {
                break;
            }

            offset += 8 + (int)(word & 0xFFFF_FFFF) + ((word >> 63) != 0 ? (int)(word >> 56) & 7 : 0);
        }

        return fields;
    }

    private static byte[] Nested(int depth)
    {
        var body = Request.TxnBody([], [(RequestOpKind.Put, Request.PutBody("deep", "x"))], []);
        for (; depth > 0; depth--)
        {
            body = Request.TxnBody([], [(RequestOpKind.Txn, body)], []);
        }

        return body;
    }
}
