using Salvor.Formats;
using Salvor.Repository.Log;
using Salvor.Tests.Repository.Log;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>A segment's content: what is read whole is what a writer would have written.</summary>
internal sealed class ReadSegment : FuzzTarget
{
    public override IReadOnlyList<byte[]> Words =>
        [[0x80, 0], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], [0xFF, 0xFF, 0xFF, 0x7F], [0], [2]];

    public override void Run(IReadOnlyList<byte[]> files, Random random)
    {
        var content = files[0];
        var reader = new SegmentReader("fuzz", NameIn(content), content);
        var writer = new SegmentWriter();
        while (reader.TryReadRevision())
        {
            while (reader.TryReadChange(out var change))
            {
                writer.AddChange(change.Kind, change.Bytes.Span);
            }

            writer.CompleteRevision(reader.Revision, reader.Time);
        }

        using var again = writer.Finish(reader.Header.Origin, [.. reader.Header.Leases]);
        Assert.Equal(content, again.Bytes.ToArray());
    }

    public override bool IsAllowed(Exception e) => e is CorruptDataException;

    protected override IReadOnlyList<Sample> MakeSamples() =>
        [.. Enumerable.Range(0, 8)
            .Select(i => new Sample($"segment {i}", SegmentSample.Random(new Random(i)).Content))];

    /// <summary>The name that would fit, so that the mutation gets past the comparison with it.</summary>
    private static SegmentName NameIn(byte[] content)
    {
        var position = 0;
        var first = Number(content, ref position);
        var last = Number(content, ref position);
        return first >= 1 && last >= first && last <= SegmentLimits.RevisionMax
            ? SegmentSample.NameOf(first, last)
            : SegmentSample.NameOf(1, 1);
    }

    private static long Number(byte[] content, ref int position)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64 && position < content.Length; shift += 7)
        {
            var part = content[position++];
            value |= unchecked((ulong)(part & 0x7F) << shift);
            if (part < 0x80)
            {
                break;
            }
        }

        return unchecked((long)value);
    }
}
