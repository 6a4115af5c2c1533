using System.Buffers.Binary;
using Salvor.Formats.Findings;
using Salvor.Formats.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.RaftWal;

public sealed class WalScannerTests
{
    [Fact]
    public void A_good_wal_of_two_segments_gives_all_entries_and_no_finding()
    {
        var sample = WalSample.WithEntries(20).Cut(21).Entry(21, "x").Entry(22, "y");
        var (log, findings) = Scan(sample.Files);
        Assert.Empty(findings.All);
        Assert.Equal(22UL, log.Entries.LastIndex);
        Assert.Equal(WalSample.Owner, log.Metadata);
        Assert.Equal("y"u8, new WalEntryReader(log).Read(22).Data);
    }

    [Fact]
    public void Preallocated_space_after_the_data_is_no_fault()
    {
        var file = WalSample.WithEntries(5).Files[0];
        Array.Resize(ref file, 1 << 20);
        var (log, findings) = Scan([file]);
        Assert.Empty(findings.All);
        Assert.Equal(5UL, log.Entries.LastIndex);
    }

    [Fact]
    public void Cut_at_any_byte_the_entries_before_the_cut_survive()
    {
        var sample = WalSample.WithEntries(12);
        var file = sample.Files[0];
        for (var length = 0; length < file.Length; length++)
        {
            var (log, findings) = Scan([file[..length]]);
            var whole = sample.Places.Count(p => EndOf(sample, file, p.Key, withPadding: false) <= length);
            Assert.Equal((ulong)whole, log.Entries.LastIndex);
            Assert.False(length > 60 && log.IsDamaged, $"length {length}: {string.Join(", ", findings.Codes)}");
        }
    }

    [Fact]
    public void Zeroed_from_any_sector_on_the_tail_is_torn_and_the_rest_survives()
    {
        var sample = WalSample.WithEntries(8, dataBytes: 1500);
        var file = sample.Files[0];
        for (var from = 512; from < file.Length; from += 512)
        {
            var cut = (byte[])file.Clone();
            cut.AsSpan(from).Clear();
            var (log, findings) = Scan([cut]);
            Assert.Equal((ulong)sample.Places.Count(p => EndOf(sample, file, p.Key) <= from), log.Entries.LastIndex);
            Assert.DoesNotContain(findings.All, f => f.Severity == Severity.Error
                && f.Code != WalFindings.CommitBeyondLog);
        }
    }

    [Fact]
    public void A_flipped_bit_costs_at_most_the_record_that_it_is_in()
    {
        var sample = WalSample.WithEntries(10);
        var file = sample.Files[0];
        for (var bit = 16 * 8; bit < file.Length * 8; bit++)
        {
            var damaged = (byte[])file.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var (log, _) = Scan([damaged]);
            var hit = sample.Places.Where(p => p.Value.Offset <= bit / 8 && bit / 8 < EndOf(sample, file, p.Key))
                .Select(p => p.Key).ToList();

            // The record after the hit one may go too, where what told its beginning was damaged.
            var expected = hit.Count == 0 ? 0UL : hit[0] - 1;
            Assert.True(log.Entries.LastIndex >= expected, $"bit {bit}: {log.Entries.LastIndex} < {expected}");
            Assert.True(log.LastIndexSeen == 10 || hit is [9 or 10] || log.LastIndexSeen >= 9,
                $"bit {bit}: only {log.LastIndexSeen} seen");
        }
    }

    [Fact]
    public void A_damaged_length_field_loses_nothing()
    {
        var sample = WalSample.WithEntries(10);
        var file = sample.Files[0];
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan((int)sample.Places[5].Offset), 0x0077_1234_5678);
        var (log, findings) = Scan([file]);
        Assert.Equal(10UL, log.Entries.LastIndex);
        Assert.Equal([WalFindings.FrameLength], findings.Codes);
        var reader = new WalEntryReader(log);
        Assert.True(reader.Read(5).Data.SequenceEqual(WalSample.Fill(5, 40)));
    }

    [Fact]
    public void A_damaged_checksum_field_is_proven_harmless_by_the_next_record()
    {
        var sample = WalSample.WithEntries(10);
        var file = sample.Files[0];
        file[sample.Places[5].Offset + 8 + 4] ^= 0x10;
        var (log, findings) = Scan([file]);
        Assert.Equal(10UL, log.Entries.LastIndex);
        Assert.Equal([WalFindings.CrcField], findings.Codes);
    }

    [Fact]
    public void After_a_zeroed_stretch_the_later_entries_are_found_but_not_joined()
    {
        var sample = WalSample.WithEntries(30, dataBytes: 200);
        var file = sample.Files[0];
        file.AsSpan(1536, 1024).Clear();
        var (log, findings) = Scan([file]);
        Assert.Equal(30UL, log.LastIndexSeen);
        Assert.Contains(WalFindings.LostBytes, findings.Codes);
        Assert.Contains(WalFindings.EntryGap, findings.Codes);
        Assert.True(log.Entries.LastIndex < 12);
    }

    [Fact]
    public void A_rewritten_tail_replaces_what_it_rewrites()
    {
        var sample = WalSample.WithEntries(10).Entry(7, "seven again"u8.ToArray(), term: 2);
        var (log, findings) = Scan(sample.Files);
        Assert.Equal(7UL, log.Entries.LastIndex);
        Assert.Equal(2UL, new WalEntryReader(log).Read(7).Term);
        Assert.Empty(findings.All);
    }

    [Fact]
    public void A_missing_segment_is_reported()
    {
        var sample = WalSample.WithEntries(5).Cut(6).Entry(6, "six").Cut(7).Entry(7, "seven");
        var segments = WalSample.Segments(sample.Files);
        var findings = new FindingList();
        var log = WalScanner.Scan([segments[0], segments[2]], 1, findings, TestContext.Current.CancellationToken);
        Assert.Equal([WalFindings.SequenceGap, WalFindings.EntryGap], findings.Codes);
        Assert.Equal(5UL, log.Entries.LastIndex);
    }

    [Fact]
    public void Junk_never_brings_the_scanner_down()
    {
        var file = WalSample.WithEntries(20).Files[0];
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var damaged = (byte[])file.Clone();
            for (var n = random.Next(1, 12); n > 0; n--)
            {
                var at = random.Next(damaged.Length);
                random.NextBytes(damaged.AsSpan(at, Math.Min(random.Next(1, 40), damaged.Length - at)));
            }

            try
            {
                Scan([damaged, file[..random.Next(file.Length)]]);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}", e);
            }
        }
    }

    [Fact]
    public void The_strict_reader_tells_a_torn_tail_from_rot()
    {
        var sample = WalSample.WithEntries(5, dataBytes: 2000);
        var file = sample.Files[0];
        var torn = (byte[])file.Clone();
        torn.AsSpan(((int)sample.Places[5].Offset / 512 * 512) + 1024, 512).Clear();
        Assert.True(ReadAll(torn).IsTorn);
        var rotten = (byte[])file.Clone();
        rotten[sample.Places[5].Offset + 700] ^= 1;
        var reader = ReadAll(rotten);
        Assert.False(reader.IsTorn);
        Assert.Equal((WalFault.CrcMismatch, sample.Places[5]), (reader.Fault, reader.Position));
        Assert.Throws<Formats.CorruptDataException>(reader.RequireCleanEnd);
    }

    private static WalReader ReadAll(byte[] file)
    {
        var reader = new WalReader(WalSample.Segments([file]));
        while (reader.TryRead(out _))
        {
        }

        return reader;
    }

    private static long EndOf(WalSample sample, byte[] file, ulong index, bool withPadding = true)
    {
        var offset = (int)sample.Places[index].Offset;
        var word = BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(offset));
        return offset + 8 + (long)(word & 0xFF_FFFF) + (withPadding ? (long)((word >> 56) & 7) : 0);
    }

    private static (WalLog Log, FindingList Findings) Scan(List<byte[]> files)
    {
        var findings = new FindingList();
        return (WalScanner.Scan(WalSample.Segments(files), 1, findings, TestContext.Current.CancellationToken),
            findings);
    }
}
