using System.Text;
using System.Text.Json;
using Salvor.Formats;
using Salvor.Formats.Bytes;
using Salvor.Formats.Raft;
using Salvor.Formats.Snap;

namespace Salvor.Tests.Snap;

public sealed class SnapFileTests
{
    private const ulong Member = 0x7efb3d9893ad500c;

    private static readonly SnapshotMetadata Place = new(new ConfState { Voters = [Member] }, Index: 1, Term: 1);

    [Fact]
    public void What_is_written_reads_back_and_ends_as_etcds_own_file_does()
    {
        var file = new SnapFile(Place, MinimalStore.Encode(Member, ["http://127.0.0.1:2380"])).Encode();
        Assert.EndsWith("12120a0c088ca0b59d89b3cffd7e280010011801", Convert.ToHexStringLower(file),
            StringComparison.Ordinal);
        var read = SnapFile.Read(new MemoryByteSource("snap", file));
        Assert.Equal((1UL, 1UL), (read.Metadata.Index, read.Metadata.Term));
        Assert.Equal([Member], read.Metadata.ConfState.Voters);
    }

    [Fact]
    public void The_minimal_store_is_the_members_and_an_empty_second_root()
    {
        using var json = JsonDocument.Parse(MinimalStore.Encode(Member, ["http://127.0.0.1:2380"]));
        var root = json.RootElement.GetProperty("Root").GetProperty("Children");
        var member = root.GetProperty("0").GetProperty("Children").GetProperty("members").GetProperty("Children")
            .GetProperty("7efb3d9893ad500c");
        var attributes = member.GetProperty("Children").GetProperty("raftAttributes");
        Assert.Equal("""{"peerURLs":["http://127.0.0.1:2380"]}""", attributes.GetProperty("Value").GetString());
        Assert.Equal(JsonValueKind.Null, attributes.GetProperty("Children").ValueKind);
        Assert.Equal("{}", root.GetProperty("1").GetProperty("Children").GetRawText());
    }

    [Fact]
    public void Any_flipped_bit_is_refused()
    {
        var file = new SnapFile(Place, Encoding.UTF8.GetBytes("{}")).Encode();
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            var damaged = (byte[])file.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CorruptDataException>(() => SnapFile.Read(new MemoryByteSource("snap", damaged)));
        }
    }

    [Fact]
    public void The_name_has_the_term_first()
    {
        Assert.True(SnapFileName.TryParse("0000000000000002-0000000000000090.snap", out var name));
        Assert.Equal(new SnapFileName(Term: 2, Index: 0x90), name);
        Assert.False(SnapFileName.TryParse("0000000000000090.snap.db", out _));
    }
}
