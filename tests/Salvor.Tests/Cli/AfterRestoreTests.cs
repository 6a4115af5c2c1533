using Salvor.Cli;
using Salvor.Repository;
using Salvor.Restore.FromRepository;

namespace Salvor.Tests.Cli;

public sealed class AfterRestoreTests
{
    [Fact]
    public void A_timeline_that_was_begun_needs_nothing_but_etcd()
    {
        var after = new AfterRestore(new BegunTimeline(new TimelineId(2), null, null), IsOwnDirectory: true);

        Assert.True(after.IsWhole);
        Assert.Equal(
            "  timeline   2, begun for this cluster\n"
            + "  next       start etcd: salvor stream and salvor backup go on in timeline 2\n",
            Text(after));
    }

    [Fact]
    public void A_timeline_that_was_not_begun_comes_with_its_reason_and_a_way_out()
    {
        var after = new AfterRestore(new BegunTimeline(new TimelineId(3), "The disk is full.", "make room"), true);

        Assert.False(after.IsWhole);
        Assert.Equal("  timeline   3 was NOT begun: The disk is full.\n  next       make room\n", Text(after));
    }

    [Theory]
    [InlineData(true, "start etcd, then run salvor backup --new-timeline once")]
    [InlineData(false, "where this etcd takes the old one's place, run salvor backup --new-timeline")]
    public void Without_the_option_one_line_says_how_backups_go_on(bool isOwnDirectory, string expected)
    {
        var text = Text(new AfterRestore(Timeline: null, isOwnDirectory));

        Assert.StartsWith("  next       " + expected, text, StringComparison.Ordinal);
        Assert.Single(text.TrimEnd().Split('\n'));
    }

    private static string Text(AfterRestore after)
    {
        var output = new StringWriter();
        after.Write(output);
        return output.ToString();
    }
}
