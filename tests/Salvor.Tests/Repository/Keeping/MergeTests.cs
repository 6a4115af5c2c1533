using System.Text;
using Salvor.Errors;
using Salvor.Formats.Etcd;
using Salvor.ObjectStore;
using Salvor.Repository;
using Salvor.Repository.Keeping;
using Salvor.Repository.Log;
using Salvor.Tests.Support;

namespace Salvor.Tests.Repository.Keeping;

/// <summary>A log of many small segments, merged by prune; whatever happens, no revision is ever missing.</summary>
public sealed class MergeTests
{
    private const int Revisions = 100;

    /// <summary>The last revision before the writer's clock was set back.</summary>
    private const int SetBack = 50;

    private readonly HandClock _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Merged_log_tells_the_same_and_what_it_covers_is_planned_and_goes_a_day_later()
    {
        var repository = await WithLogAsync(seed: 1);
        var (before, names) = (await ReadAsync(repository.Store), LogOf(repository.Store));
        var fresh = await FreshnessAsync(repository.Store);
        var dry = await repository.PruneAsync(repository.Store, _clock, isDryRun: true, Ct);
        Assert.Equal(names, LogOf(repository.Store));

        var merged = await NextDayAsync(repository);
        Assert.Superset(names.ToHashSet(), LogOf(repository.Store).ToHashSet());
        Assert.Equal(before, await ReadAsync(repository.Store));
        Assert.Equal(fresh, await FreshnessAsync(repository.Store));
        var planned = await NextDayAsync(repository);
        var deleted = await NextDayAsync(repository);

        Assert.Equal(before, await ReadAsync(repository.Store));
        Assert.Equal(fresh, await FreshnessAsync(repository.Store));
        Assert.True(merged.Merged.Into > 1 && merged.Merged.Segments > 3 * merged.Merged.Into, $"{merged.Merged}");
        Assert.Equal(dry.Merged.Segments, merged.Merged.Segments);
        Assert.Equal(planned.Planned.Segments, deleted.Deleted.Segments);
        Assert.Equal(0, deleted.Unproven);
        Assert.True(LogOf(repository.Store).Count < names.Count / 2);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(900)]
    public async Task Log_that_nobody_writes_to_settles(int contentBytesMax)
    {
        var repository = await WithLogAsync(seed: 7, new MergeRules
        {
            SegmentsMin = 2,
            SegmentsMax = 7,
            ContentBytesMax = contentBytesMax,
            LargeBytes = 500,
        });
        var expected = await ReadAsync(repository.Store);
        for (var day = 0; day < 8; day++)
        {
            await NextDayAsync(repository);
            Assert.Equal(expected, await ReadAsync(repository.Store));
        }

        var settled = LogOf(repository.Store);
        var last = await NextDayAsync(repository);

        Assert.Equal(default, last.Merged);
        Assert.Equal(settled, LogOf(repository.Store));
        Assert.True(settled.Count < Revisions / 2, $"{settled.Count} are left.");
    }

    [Fact]
    public async Task Prune_may_be_killed_before_and_after_every_change()
    {
        var initial = await WithLogAsync(seed: 2);
        var (expected, begun) = (await ReadAsync(initial.Store), _clock.Elapsed);
        for (var phase = 0; phase < 3; phase++)
        {
            var ended = false;
            for (var crashAt = 0; !ended; crashAt++)
            {
                foreach (var side in new[] { CrashSide.Before, CrashSide.After })
                {
                    _clock.Elapsed = begun;
                    var repository = initial.CopyTo(initial.Store.Copy(), seed: 100 + crashAt);
                    await PruneForDaysAsync(repository, phase);

                    var crashing = new CrashingStore(repository.Store, crashAt, side);
                    try
                    {
                        await repository.PruneAsync(crashing, _clock, isDryRun: false, Ct);
                    }
                    catch (StoreCrashException)
                    {
                    }

                    Assert.Equal(expected, await ReadAsync(repository.Store));
                    await PruneForDaysAsync(repository, days: 4);
                    Assert.Equal(expected, await ReadAsync(repository.Store));
                    Assert.True(LogOf(repository.Store).Count < LogOf(initial.Store).Count / 2);
                    ended = !crashing.HasCrashed;
                }
            }
        }
    }

    [Fact]
    public async Task Merged_segment_that_is_damaged_when_its_day_comes_takes_nothing_away()
    {
        var repository = await WithLogAsync(seed: 3);
        var (expected, names) = (await ReadAsync(repository.Store), LogOf(repository.Store));
        await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);
        foreach (var merged in LogOf(repository.Store).Except(names))
        {
            Flip(repository.Store, merged);
        }

        await PruneForDaysAsync(repository, days: 4);

        foreach (var merged in LogOf(repository.Store).Except(names))
        {
            await repository.Store.DeleteAsync(new ObjectName(merged), Ct);
        }

        Assert.Equal(expected, await ReadAsync(repository.Store));
    }

    [Fact]
    public async Task Store_that_does_not_keep_what_is_merged_is_told_of_and_readers_never_see_it()
    {
        var repository = await WithLogAsync(seed: 8);
        var names = LogOf(repository.Store);

        var report = await repository.PruneAsync(new HalvingStore(repository.Store), _clock, isDryRun: false, Ct);

        Assert.Equal(ErrorCode.StoreRefused, report.MergeFault?.Code);
        Assert.Equal(default, report.Merged);
        Assert.Equal(names, LogOf(repository.Store));
    }

    [Fact]
    public async Task Damaged_segment_is_not_merged_and_told_of()
    {
        var repository = await WithLogAsync(seed: 4);
        var names = LogOf(repository.Store);
        Flip(repository.Store, names[1]);

        var report = await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);

        Assert.Equal(1, report.Merged.LeftAlone);
        await PruneForDaysAsync(repository, days: 4);
        Assert.Contains(names[1], LogOf(repository.Store));
    }

    [Fact]
    public async Task Two_prunes_that_merged_the_same_leave_one_of_each()
    {
        var repository = await WithLogAsync(seed: 5);
        var (expected, names) = (await ReadAsync(repository.Store), LogOf(repository.Store));
        var other = repository.CopyTo(repository.Store.Copy(), seed: 50);
        await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);
        await other.PruneAsync(other.Store, _clock, isDryRun: false, Ct);
        foreach (var merged in LogOf(other.Store).Except(names))
        {
            repository.Store[merged] = other.Store[merged];
        }

        await PruneForDaysAsync(repository, days: 4);

        Assert.Equal(expected, await ReadAsync(repository.Store));
        var left = new SegmentCover();
        foreach (var segment in (await LogAsync(repository.Store).ListAsync(Ct)).Segments)
        {
            left.Add(segment);
        }

        Assert.Empty(left.Covering);
    }

    [Fact]
    public async Task Segment_whose_name_covers_all_and_that_tells_something_else_takes_nothing_away()
    {
        var repository = await WithLogAsync(seed: 6);
        var names = LogOf(repository.Store);
        await StoreAsync(repository.Store, 1, Revisions, new string('f', 20), value: "forged");

        var unproven = 0;
        for (var day = 0; day < 4; day++)
        {
            unproven += (await NextDayAsync(repository)).Unproven;
        }

        Assert.Subset(LogOf(repository.Store).ToHashSet(), names.ToHashSet());
        Assert.True(unproven >= names.Count);
    }

    private static SegmentStore LogAsync(MemoryStore store) =>
        new(new OpenRepository(store, TestRepository.Sealer()), KeptRepository.Timeline);

    private static List<string> LogOf(MemoryStore store) =>
        [.. store.Names.Where(name => name.Contains("/log/", StringComparison.Ordinal))];

    private static void Flip(MemoryStore store, string name)
    {
        var bytes = store[name]!.ToArray();
        bytes[^1] ^= 1;
        store[name] = bytes;
    }

    private async Task PruneForDaysAsync(KeptRepository repository, int days)
    {
        for (var day = 0; day < days; day++)
        {
            await NextDayAsync(repository);
        }
    }

    private Task<PruneReport> NextDayAsync(KeptRepository repository)
    {
        _clock.Elapsed += TimeSpan.FromHours(25);
        return repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);
    }

    private static async Task<DateTimeOffset?> FreshnessAsync(MemoryStore store) =>
        (await LogSummary.ReadAsync(LogAsync(store), Ct)).NewestStored;

    /// <summary>
    /// Revisions 1 to 100 in segments of one to three, some of them twice, some overlapping. After half of
    /// them the writer's clock was set back.
    /// </summary>
    private async Task<KeptRepository> WithLogAsync(int seed, MergeRules? rules = null)
    {
        var repository = new KeptRepository(new MemoryStore(_clock), seed)
        {
            Merging = rules ?? new MergeRules { SegmentsMin = 12, SegmentsMax = 20 },
        };
        await repository.BeginAsync(_clock, Ct);
        var random = new Random(seed);
        for (var first = 1; first <= Revisions;)
        {
            var last = Math.Min(first <= SetBack ? SetBack : Revisions, first + random.Next(3));
            await StoreAsync(repository.Store, first, last, $"{first:x20}");
            if (random.Next(4) == 0)
            {
                await StoreAsync(repository.Store, first, last, $"{first + 0x1000:x20}");
            }

            first = random.Next(4) == 0 ? Math.Max(first + 1, last) : last + 1;
        }

        return repository;
    }

    private static async Task StoreAsync(
        MemoryStore store, long first, long last, string id, string value = "value")
    {
        var writer = new SegmentWriter();
        for (var revision = first; revision <= last; revision++)
        {
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            new KeyValue
            {
                Key = Encoding.ASCII.GetBytes($"/log/{revision}"),
                Value = Encoding.ASCII.GetBytes(value),
                CreateRevision = revision,
                ModRevision = revision,
                Version = 1,
                Lease = 1 + (revision % 3),
            }.Write(buffer);
            writer.AddChange(ChangeKind.Put, buffer.WrittenSpan);
            writer.CompleteRevision(revision, TimeOf(revision));
        }

        var log = LogAsync(store);
        var name = new SegmentName(first, last, id);
        // One in three no longer knows how long a lease was.
        SegmentLease[] leases =
            [.. Enumerable.Range(1, 3).Select(lease => new SegmentLease(lease, first % 3 == 0 ? 0 : 60 * lease))];
        using var content = writer.Finish(new SegmentOrigin(1, 2, (ulong)last, 4), leases);
        await log.PutAsync(name, log.Seal(name, content.Bytes.Span), Ct);
    }

    private static DateTimeOffset TimeOf(long revision) =>
        DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(revision + (revision <= SetBack ? 40_000 : 0));

    /// <summary>All that a reader learns from the log, by the segments that it chooses.</summary>
    private static async Task<List<string>> ReadAsync(MemoryStore store)
    {
        var log = LogAsync(store);
        var chain = (await log.ListAsync(Ct)).ChainOf(0, Revisions);
        Assert.True(chain.IsGapless);
        var (told, next) = (new List<string>(), 1L);
        foreach (var segment in chain.Segments)
        {
            using var reader = await log.OpenAsync(segment, Ct);
            Assert.Equal((ulong)segment.Last, reader.Header.Origin.RaftIndex);
            Assert.All(reader.Header.Leases,
                lease => Assert.True(lease.TimeToLiveSeconds == 0 || lease.TimeToLiveSeconds == 60 * lease.Id));
            while (reader.TryReadRevision())
            {
                while (reader.Revision == next && reader.TryReadChange(out var change))
                {
                    told.Add($"{next} {reader.Time:O} {change.Kind} {Convert.ToHexString(change.Bytes.Span)}");
                }

                next = Math.Max(next, reader.Revision + 1);
            }
        }

        Assert.Equal(Revisions, told.Count);
        return told;
    }
}
