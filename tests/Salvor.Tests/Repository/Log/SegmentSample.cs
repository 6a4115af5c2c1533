using System.Globalization;
using System.Text;
using Salvor.Repository.Log;

namespace Salvor.Tests.Repository.Log;

/// <summary>A segment with what it should say, as text that compares.</summary>
internal sealed record SegmentSample(SegmentName Name, byte[] Content, string Text)
{
    private const string Id = "0193a0b1c2d300000001";

    public static SegmentName NameOf(long first, long last) => new(first, last, Id);

    public string Show() => Text;

    public static SegmentSample Random(Random random, SegmentWriter? writer = null)
    {
        writer ??= new SegmentWriter();
        var text = new StringBuilder();
        var origin = new SegmentOrigin(
            (ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.Next(9));
        var leases = Enumerable.Range(0, random.Next(4))
            .Select(_ => new SegmentLease(random.NextInt64(long.MinValue, long.MaxValue), random.Next(100_000)))
            .ToList();
        var first = random.NextInt64(1, 1L << random.Next(1, 62));
        var time = DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(0, 2_000_000_000_000));
        Describe(text, first, time, origin, leases);
        var count = random.Next(1, 12);
        for (var i = 0; i < count; i++)
        {
            AddRevision(random, writer, text, first + i, time);
            time = time.AddMilliseconds(random.Next(3) == 0 ? 0 : random.Next(100_000));
        }

        using var content = writer.Finish(origin, leases);
        return new SegmentSample(NameOf(first, first + count - 1), content.Bytes.ToArray(), text.ToString());
    }

    public static SegmentSample Read(SegmentName name, byte[] content)
    {
        var reader = new SegmentReader("test", name, content);
        var text = new StringBuilder();
        var header = reader.Header;
        Describe(text, header.FirstRevision, header.FirstTime, header.Origin, header.Leases);
        while (reader.TryReadRevision())
        {
            text.AppendLine(
                CultureInfo.InvariantCulture, $"{reader.Revision} {reader.Time.ToUnixTimeMilliseconds()}");
            while (reader.TryReadChange(out var change))
            {
                text.AppendLine(
                    CultureInfo.InvariantCulture, $"{change.Kind} {Convert.ToHexStringLower(change.Bytes.Span)}");
            }
        }

        return new SegmentSample(name, content, text.ToString());
    }

    private static void AddRevision(
        Random random, SegmentWriter writer, StringBuilder text, long revision, DateTimeOffset time)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"{revision} {time.ToUnixTimeMilliseconds()}");
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            var kind = (ChangeKind)random.Next(2);
            var bytes = new byte[random.Next(10) == 0 ? random.Next(5_000) : random.Next(40)];
            random.NextBytes(bytes);
            writer.AddChange(kind, bytes);
            text.AppendLine(CultureInfo.InvariantCulture, $"{kind} {Convert.ToHexStringLower(bytes)}");
        }

        writer.CompleteRevision(revision, time);
    }

    private static void Describe(
        StringBuilder text, long first, DateTimeOffset time, SegmentOrigin origin, IEnumerable<SegmentLease> leases) =>
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{first} {time.ToUnixTimeMilliseconds()} {origin} {string.Join(' ', leases)}");
}
