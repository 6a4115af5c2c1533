using System.Globalization;
using Salvor.Repository.Log;

namespace Salvor.Tests.Repository.Log;

public sealed class LogIndexTests
{
    [Fact]
    public void A_gap_is_named_exactly()
    {
        var index = Index((1, 119), (181, 200), (203, 210));

        var chain = index.ChainOf(after: 0, through: 220);

        Assert.Equal(
            ["revisions 120 to 180 are missing", "revisions 201 to 202 are missing",
                "revisions 211 to 220 are missing"],
            chain.Gaps.Select(g => g.ToString()));
        Assert.Equal("revision 7 is missing", new RevisionGap(7, 7).ToString());
        Assert.Equal(119, index.EndOf(0));
        Assert.Equal(200, index.EndOf(150 + 31));
        Assert.Equal(210, index.LastRevision);
    }

    [Fact]
    public void Of_overlapping_segments_the_one_that_reaches_farthest_is_read()
    {
        var chain = Index((1, 10), (5, 12), (6, 30), (7, 8), (11, 20), (29, 40)).ChainOf(after: 3, through: 35);

        Assert.True(chain.IsGapless);
        Assert.Equal([(1, 10), (11, 20), (6, 30), (29, 40)],
            [.. Ranges(Index((1, 10), (11, 20)).ChainOf(3, 20)), .. Ranges(Index((6, 30), (29, 40)).ChainOf(20, 35))]);
        Assert.Equal([(1, 10), (6, 30), (29, 40)], Ranges(chain));
    }

    [Fact]
    public void Nothing_to_read_is_a_chain_without_a_gap() =>
        Assert.True(Index().ChainOf(after: 8, through: 8).IsGapless);

    /// <summary>Against the plainest model: a set of all revisions.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Chains_and_gaps_cover_each_revision_once_as_a_set_says(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 2_000; i++)
        {
            var ranges = Enumerable.Range(0, random.Next(12)).Select(_ =>
            {
                var first = random.Next(1, 60);
                return (first, first + random.Next(12));
            }).ToArray();
            var (after, through) = (random.Next(60), random.Next(80));
            var held = ranges.SelectMany(r => Enumerable.Range(r.first, r.Item2 - r.first + 1)).ToHashSet();
            var index = Index(ranges);
            var chain = index.ChainOf(after, through);

            var wanted = Enumerable.Range(after + 1, Math.Max(0, through - after)).ToList();
            var missing = chain.Gaps.SelectMany(g => Enumerable.Range((int)g.First, (int)(g.Last - g.First) + 1));
            Assert.Equal(wanted.Where(r => !held.Contains(r)), missing);
            var read = chain.Segments.SelectMany(s => Enumerable.Range((int)s.First, (int)(s.Last - s.First) + 1));
            Assert.Empty(wanted.Where(held.Contains).Except(read));

            var end = after;
            while (held.Contains(end + 1))
            {
                end++;
            }

            Assert.Equal(end, index.EndOf(after));
        }
    }

    private static IEnumerable<(int, int)> Ranges(LogChain chain) =>
        chain.Segments.Select(s => ((int)s.First, (int)s.Last));

    private static LogIndex Index(params (int First, int Last)[] ranges) => new(ranges.Select((r, i) =>
        new SegmentName(r.First, r.Last, i.ToString("x20", CultureInfo.InvariantCulture))));
}
