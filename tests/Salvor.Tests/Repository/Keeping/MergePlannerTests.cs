using Salvor.Repository.Keeping;
using Salvor.Repository.Log;

namespace Salvor.Tests.Repository.Keeping;

public sealed class MergePlannerTests
{
    private static readonly MergeRules Rules = new()
    {
        SegmentsMin = 3,
        SegmentsMax = 5,
        StoredBytesMax = 100,
        LargeBytes = 50,
        RevisionsMax = 40,
    };

    /// <summary>
    /// A segment is FIRST-LAST:BYTES; a group is the first revisions of its segments. The last one is left as it is.
    /// </summary>
    [Theory]
    [InlineData("1-1:1 2-2:1 3-3:1", "")]
    [InlineData("1-1:1 2-2:1 3-3:1 4-4:1", "1 2 3")]
    [InlineData("1-1:1 2-2:1 4-4:1 5-5:1 7-7:1", "")]
    [InlineData("1-1:1 2-2:1 3-3:1 5-5:1 6-6:1 7-8:1 10-10:1", "1 2 3|5 6 7")]
    [InlineData("1-1:1 2-2:1 3-3:50 4-4:1 5-5:1 6-6:1 9-9:1", "4 5 6")]
    [InlineData("1-1:40 2-2:40 3-3:40 4-4:1", "1 2")]
    [InlineData("1-1:1 2-2:1 3-3:1 4-4:1 5-5:1 6-6:1", "1 2 3 4 5")]
    [InlineData("1-10:1 11-20:1 21-30:1 31-41:1 42-43:1 44-44:1 50-50:1", "1 11 21|31 42 44")]
    [InlineData("1-10:1 11-31:1 32-33:1 34-34:1 35-35:1 50-50:1", "32 34 35")]
    [InlineData("1-3:1 1-9:1 2-4:1 5-12:1 10-11:1 13-13:1 20-20:1", "1 5 13")]
    public void Small_segments_without_a_gap_between_them_are_merged(string segments, string groups)
    {
        var planner = new MergePlanner(Rules);
        foreach (var text in segments.Split(' '))
        {
            var parts = text.Split('-', ':').Select(long.Parse).ToArray();
            planner.Add(new SegmentName(parts[0], parts[1], new string('0', 20)), parts[2]);
        }

        planner.Finish();

        Assert.Equal(groups, string.Join('|', planner.Groups.Select(
            group => string.Join(' ', group.Select(segment => segment.First)))));
    }
}
