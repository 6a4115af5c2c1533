using Salvor.Formats.Etcd;
using Salvor.Repository;
using Salvor.Repository.Keys;
using Salvor.Repository.Log;
using Salvor.Restore.Log;

namespace Salvor.Tests.Restore;

public sealed class LogEntriesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 22, 0, 0, TimeSpan.Zero);

    private readonly MemoryStore _store = new();
    private readonly SegmentStore _log;
    private readonly SeededEntropy _entropy = new(1);

    public LogEntriesTests()
    {
        var sealer = new ObjectSealer(RepositoryId.New(_entropy), RepositoryKey.New(_entropy), _entropy);
        _log = new SegmentStore(new OpenRepository(_store, sealer), new TimelineId(1));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Overlapping_segments_give_each_entry_once_and_in_the_buckets_order()
    {
        await StoreAsync((2, 20), (10, 25), (15, 22), (24, 40), (41, 41), (42, 90));

        var entries = new List<string>();
        var before = default(Revision);
        await foreach (var entry in new LogEntries(_log).ReadAsync(after: 12, through: 77, Ct))
        {
            Assert.True(entry.Key.Revision > before);
            before = entry.Key.Revision;
            entries.Add($"{entry.Key.Revision} {entry.Key.IsTombstone} {Convert.ToHexString(entry.Value.Span)}");
        }

        var expected = Enumerable.Range(13, 65).SelectMany(r => Changes(r).Select((c, sub) =>
            $"{r}.{sub} {c.Kind == ChangeKind.Delete} {Convert.ToHexString(c.Bytes)}"));
        Assert.Equal(expected, entries);
    }

    [Fact]
    public async Task A_gap_is_named_and_what_can_be_done()
    {
        await StoreAsync((2, 20), (31, 40));

        var failure = await Assert.ThrowsAsync<LogGapException>(() => CountAsync(after: 5, through: 40));

        Assert.Equal("The log has a gap: revisions 21 to 30 are missing.", failure.Message);
        Assert.Contains("revision 20", failure.Hint, StringComparison.Ordinal);
        Assert.Equal(20, await new LogEntries(_log).EndAsync(after: 5, Ct));
    }

    [Fact]
    public async Task A_damaged_segment_is_replaced_by_others_that_hold_its_revisions()
    {
        await StoreAsync((2, 20), (21, 60), (18, 44), (40, 61));
        Damage("log/00000000000000000021");

        Assert.Equal(Enumerable.Range(3, 58).Sum(r => Changes(r).Count()), await CountAsync(after: 2, through: 60));
    }

    [Fact]
    public async Task A_damaged_segment_without_another_is_a_gap_with_its_cause()
    {
        await StoreAsync((2, 20), (21, 60), (61, 70));
        Damage("log/00000000000000000021");

        var failure = await Assert.ThrowsAsync<LogGapException>(() => CountAsync(after: 2, through: 70));

        Assert.Contains("revisions 21 to 60 are missing", failure.Message, StringComparison.Ordinal);
        Assert.Contains("00000000000000000021", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(5_000, 5)]
    [InlineData(6_000, 6)]
    [InlineData(6_999, 6)]
    [InlineData(20_500, 20)]
    [InlineData(21_000, 21)]
    [InlineData(999_999, 60)]
    public async Task The_revision_at_a_time_is_the_last_that_was_seen_by_then(int milliseconds, long expected)
    {
        await StoreAsync((2, 20), (21, 40), (35, 60));

        var found = await new LogEntries(_log).RevisionAtAsync(after: 5, Start.AddMilliseconds(milliseconds), Ct);

        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData(6_000, 6)]
    [InlineData(25_000, 25)]
    [InlineData(999_999, 60)]
    public async Task The_revision_at_a_time_is_found_around_a_damaged_segment(int milliseconds, long expected)
    {
        await StoreAsync((2, 20), (21, 40), (35, 60));
        var names = _store.Names.ToArray();
        await StoreAsync((2, 60));
        var merged = _store.Names.Except(names).Single();
        _store[merged] = [.. _store[merged]!.SkipLast(1), 0];

        var found = await new LogEntries(_log).RevisionAtAsync(after: 5, Start.AddMilliseconds(milliseconds), Ct);

        Assert.Equal(expected, found);
    }

    private static IEnumerable<(ChangeKind Kind, byte[] Bytes)> Changes(int revision) => Enumerable
        .Range(0, 1 + (revision % 3))
        .Select(i => ((revision + i) % 4 == 0 ? ChangeKind.Delete : ChangeKind.Put, new[] { (byte)revision, (byte)i }));

    private async Task<int> CountAsync(long after, long through)
    {
        var count = 0;
        await foreach (var _ in new LogEntries(_log).ReadAsync(after, through, Ct))
        {
            count++;
        }

        return count;
    }

    private void Damage(string part)
    {
        var name = _store.Names.Single(n => n.Contains(part, StringComparison.Ordinal));
        var bytes = _store[name]!.ToArray();
        bytes[^5] ^= 4;
        _store[name] = bytes;
    }

    private async Task StoreAsync(params (int First, int Last)[] ranges)
    {
        var writer = new SegmentWriter();
        foreach (var (first, last) in ranges)
        {
            for (var revision = first; revision <= last; revision++)
            {
                foreach (var (kind, bytes) in Changes(revision))
                {
                    writer.AddChange(kind, bytes);
                }

                writer.CompleteRevision(revision, Start.AddSeconds(revision));
            }

            using var content = writer.Finish(default, []);
            var name = new SegmentName(first, last, ObjectId.New(TimeProvider.System, _entropy).Value);
            await _log.PutAsync(name, _log.Seal(name, content.Bytes.Span), Ct);
        }
    }
}
