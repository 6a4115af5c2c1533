using Salvor.Repository;
using Salvor.Repository.Keeping;
using Salvor.Repository.Log;
using Salvor.Tests.Support;

namespace Salvor.Tests.Repository.Keeping;

public sealed class SegmentCoverTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_is_covered_is_found_and_nothing_else_and_something_always_stays()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var segments = Enumerable.Range(0, random.Next(1, 30)).Select(i => NameOf(random, i)).Order().ToArray();
            var cover = new SegmentCover();
            Array.ForEach(segments, cover.Add);
            var covered = segments.Where(one => segments.Any(by => SegmentCover.Covers(by, one))).ToArray();

            Assert.Equal(covered, await ListAsync(segments, cover.Covering));
            var some = cover.Covering.Where(_ => random.Next(2) == 0).ToArray();
            Assert.Equal(
                segments.Where(one => some.Any(by => SegmentCover.Covers(by, one))),
                await ListAsync(segments, some));
            var left = segments.Except(covered).ToArray();
            Assert.All(covered, one => Assert.Contains(left, by => by.First <= one.First && by.Last >= one.Last));
        }
    }

    private static SegmentName NameOf(Random random, int id)
    {
        var first = random.Next(1, 20);
        return new SegmentName(first, first + random.Next(12), $"{id:x20}");
    }

    private static async Task<SegmentName[]> ListAsync(SegmentName[] segments, IEnumerable<SegmentName> covering)
    {
        var store = new MemoryStore();
        var repository = new OpenRepository(store, TestRepository.Sealer());
        var log = new SegmentStore(repository, KeptRepository.Timeline);
        foreach (var segment in segments)
        {
            store[log.NameOf(segment).Value] = [1];
        }

        var found = new CoveredSegments(KeptRepository.Timeline, covering, After: 0).ListAsync(repository, Ct);
        return await found.Select(one => one.Segment).ToArrayAsync(Ct);
    }
}
