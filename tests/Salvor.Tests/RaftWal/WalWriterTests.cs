using System.Buffers;
using System.Text;
using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;

namespace Salvor.Tests.RaftWal;

public sealed class WalWriterTests
{
    /// <summary>
    /// The WAL of a real <c>etcdutl snapshot restore</c>: name n1, peer http://127.0.0.1:23891, token tok1.
    /// </summary>
    private const string Restored =
        "0400000000000084" + "08041000" + "00000000"
        + "1f00000000000081" + "080110c8a585c9091a15" + "088ca0b59d89b3cffd7e" + "10ecd8908c9c80fbbbdc01" + "00"
        + "0e00000000000082" + "080510eebeff810f1a04" + "08001000" + "0000"
        + "6e00000000000082" + "0802108da0b3f4041a64" + "080110011801225c" + "{change}" + "0000"
        + "1800000000000000" + "0803109d8686dd061a0e" + "0801108ca0b59d89b3cffd7e1801"
        + "1c00000000000084" + "080510b9dab5f5031a12" + "080110011a0c088ca0b59d89b3cffd7e2800" + "00000000";

    private const string MemberJson =
        """{"id":9149974793455226892,"peerURLs":["http://127.0.0.1:23891"],"name":"n1"}""";

    [Fact]
    public void A_restored_wal_is_bit_for_bit_what_etcds_own_tool_writes()
    {
        var change = new ArrayBufferWriter<byte>();
        new ConfChange(0, ConfChangeKind.AddVoter, WalSample.Owner.MemberId, Encoding.UTF8.GetBytes(MemberJson))
            .WriteTo(new Formats.Protobuf.ProtoWriter(change));
        var members = new ConfState { Voters = [WalSample.Owner.MemberId] };
        var output = new ArrayBufferWriter<byte>();
        var writer = new WalWriter(output);
        writer.WriteCrc(0);
        writer.WriteMetadata(WalSample.Owner);
        writer.WriteSnapshot(new WalSnapshot(0, 0, null));
        writer.WriteEntry(new Entry(EntryKind.ConfChange, 1, 1, change.WrittenSpan));
        writer.WriteState(new HardState(1, WalSample.Owner.MemberId, 1));
        writer.WriteSnapshot(new WalSnapshot(1, 1, members));

        var expected = Restored.Replace("{change}", Convert.ToHexStringLower(change.WrittenSpan),
            StringComparison.Ordinal);
        Assert.Equal(expected, Convert.ToHexStringLower(output.WrittenSpan));
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        var sample = WalSample.WithEntries(3, dataBytes: 1000).Cut(4).Entry(4, "four");
        var reader = new WalReader(WalSample.Segments(sample.Files));
        var kinds = new List<WalRecordKind>();
        while (reader.TryRead(out var record))
        {
            kinds.Add(record.Kind);
        }

        reader.RequireCleanEnd();
        Assert.Equal(WalFault.EndOfData, reader.Fault);
        Assert.Equal(
            [
                WalRecordKind.Crc, WalRecordKind.Metadata, WalRecordKind.Snapshot, WalRecordKind.Entry,
                    WalRecordKind.Entry,
                WalRecordKind.Entry, WalRecordKind.State, WalRecordKind.Crc, WalRecordKind.Metadata,
                    WalRecordKind.Entry,
            ],
            kinds);
    }

    [Theory]
    [InlineData("0000000000000003-000000000000012a.wal", true)]
    [InlineData("0.tmp", false)]
    [InlineData("0000000000000003-000000000000012a.wal.broken", false)]
    [InlineData("0000000000000003_000000000000012a.wal", false)]
    public void File_names_are_told_apart(string name, bool isWal)
    {
        Assert.Equal(isWal, WalFileName.TryParse(name, out var parsed));
        Assert.Equal(isWal ? name : new WalFileName().ToString(), parsed.ToString());
    }
}
