using System.Buffers;
using System.Text;
using Salvor.Formats.Bytes;
using Salvor.Formats.Checksums;
using Salvor.Formats.Protobuf;
using Salvor.Formats.Raft;
using Salvor.Formats.Snap;
using Salvor.Tests.Support;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>A snap file, to which sum, framing, place and members belong.</summary>
internal sealed class ReadSnapFile : FuzzTarget
{
    public override bool HasChecksums => true;

    public override IReadOnlyList<byte[]> Words =>
        [[0x0A, 0], [0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x0A, 4, 1, 2, 3, 4], [0x28, 1]];

    public override void Run(IReadOnlyList<byte[]> files, Random random)
    {
        var snap = SnapFile.Read(new MemoryByteSource("snap", files[0]));
        Assert.Equal(snap.Metadata.Index, SnapFile.Read(new MemoryByteSource("again", snap.Encode())).Metadata.Index);
        Assert.False(SnapFileName.TryParse(Encoding.Latin1.GetString(files[0]), out _));
    }

    /// <summary>Puts the right sum before whatever data the file still holds.</summary>
    public override void Reseal(byte[][] files)
    {
        var reader = new ProtoReader(files[0]);
        while (reader.TryReadField(out var number, out var type))
        {
            if (number == 2 && type == WireType.Bytes && reader.TryReadBytes(out var data))
            {
                var file = new ArrayBufferWriter<byte>();
                var writer = new ProtoWriter(file);
                writer.Varint(1, Crc32C.Append(0, data));
                writer.Bytes(2, data);
                files[0] = file.WrittenSpan.ToArray();
                return;
            }

            reader.TrySkip(type);
        }
    }

    protected override IReadOnlyList<Sample> MakeSamples() =>
    [
        Of("one voter", new ConfState { Voters = [0x8e9e05c52164694d] }),
        Of("joint", new ConfState { Voters = [1, 2, 3], Learners = [4], VotersOutgoing = [5, 6], LearnersNext = [7],
            AutoLeave = true }),
        .. EtcdFixture.All.Select(f => new Sample(f.Version, f.Snap)),
    ];

    private static Sample Of(string name, ConfState members) => new(name,
        new SnapFile(new SnapshotMetadata(members, 10_000, 3),
            MinimalStore.Encode(0x8e9e05c52164694d, ["http://127.0.0.1:2380"])).Encode());
}
