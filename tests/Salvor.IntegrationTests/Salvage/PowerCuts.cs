using System.Buffers.Binary;

namespace Salvor.IntegrationTests.Salvage;

/// <summary>Cuts of a log at every kind of boundary near its end.</summary>
public sealed class PowerCuts(byte[] wal, IReadOnlyList<LogRecord> records)
{
    private const int SectorBytes = 512;
    private const int PageBytes = 4096;

    private int End => records[^1].End;

    /// <summary>
    /// The file is cut off: at, before, in and behind each of the last records' parts, and at sectors.
    /// </summary>
    public IEnumerable<PowerCut> Truncations(int recordCount)
    {
        var places = new SortedSet<int> { End + 1, End + 7, End + 8, End + 100 };
        foreach (var record in records.TakeLast(recordCount))
        {
            places.UnionWith([record.Start - 1, record.Start, record.Start + 1, record.Start + 4, record.PayloadStart]);
            places.UnionWith([record.PayloadStart + 1, (record.PayloadStart + record.PayloadEnd) / 2]);
            places.UnionWith([record.PayloadEnd - 1, record.PayloadEnd, (record.PayloadEnd + record.End) / 2]);
        }

        var first = records[^Math.Min(recordCount, records.Count)];
        for (var sector = Sector(End); sector > first.Start; sector -= SectorBytes)
        {
            places.Add(sector);
            places.Add(sector + 8);
        }

        return places.Select(p => new PowerCut($"truncated at {p}", CutKind.Torn, Resized(p), IsPreallocated: false));
    }

    /// <summary>The last sectors, or pages, are zeros.</summary>
    public IEnumerable<PowerCut> Zeroings(int sectorCount)
    {
        for (var i = 0; i < sectorCount; i++)
        {
            yield return Zeroed(Sector(End - 1) - (i * SectorBytes), End);
        }

        yield return Zeroed((End - 1) / PageBytes * PageBytes, End);
        yield return Zeroed(((End - 1) / PageBytes * PageBytes) - PageBytes, End);
    }

    /// <summary>One sector of the last entry is zeros, and what follows it is as it was written.</summary>
    public PowerCut ZeroedInLastEntry(int bytes)
    {
        var entry = records.Last(r => r.IsEntry);
        Assert.True(entry.End - entry.Start > 3 * bytes, "The last entry is too small for this.");
        var from = (entry.PayloadStart + bytes) / bytes * bytes;
        var cut = Zeroed(from, from + bytes);
        // Its hard state is behind it; a log that ends with the entry is the plain case.
        return cut with { Wal = cut.Wal.AsSpan(0, entry.End).ToArray() };
    }

    /// <summary>A sector in the middle of an older entry is zeros; the log goes on behind it.</summary>
    public PowerCut Hole(int entriesFromEnd)
    {
        var entry = records.Where(r => r.IsEntry).SkipLast(entriesFromEnd).Last(r => r.End - r.Start > 60);
        var cut = Zeroed(entry.PayloadStart + 24, entry.PayloadEnd);
        return cut with { Kind = CutKind.Hole };
    }

    public IEnumerable<PowerCut> Junk(int seed)
    {
        var junk = new byte[300];
        new Random(seed).NextBytes(junk);
        junk.AsSpan().Replace((byte)0, (byte)1);
        BinaryPrimitives.WriteUInt64LittleEndian(junk, 0x0077_0000_0000_0000);
        yield return Behind("absurd", CutKind.Torn, End, junk);
        BinaryPrimitives.WriteUInt64LittleEndian(junk, 200);
        yield return Behind("plausible", CutKind.Corrupt, End, junk);
        yield return Behind("late", CutKind.Torn, End + (2 * SectorBytes), junk);
        var flipped = Resized(End);
        flipped[records.Last(r => r.IsEntry).PayloadEnd - 3] ^= 0x10;
        yield return new PowerCut("a bit flipped in the last entry", CutKind.Corrupt, flipped, IsPreallocated: true);
    }

    private static int Sector(int offset) => offset / SectorBytes * SectorBytes;

    private byte[] Resized(int length)
    {
        var bytes = new byte[length];
        wal.AsSpan(0, Math.Min(length, End)).CopyTo(bytes);
        return bytes;
    }

    private PowerCut Zeroed(int from, int to)
    {
        var bytes = Resized(Math.Max(End, to));
        bytes.AsSpan(from..to).Clear();
        return new PowerCut($"zeroed from {from} to {to}", CutKind.Torn, bytes, IsPreallocated: true);
    }

    private PowerCut Behind(string what, CutKind kind, int at, byte[] junk)
    {
        var bytes = Resized(at + junk.Length);
        junk.CopyTo(bytes.AsSpan(at));
        return new PowerCut($"{what} junk behind the end", kind, bytes, IsPreallocated: true);
    }
}
