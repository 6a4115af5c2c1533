using Salvor.Cli;
using Salvor.Progress;

namespace Salvor.Tests.Cli;

public sealed class ProgressTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(416_500_000, "397.2 MiB")]
    [InlineData(long.MaxValue, "8.0 EiB")]
    public void Sizes_are_in_the_largest_fitting_unit(long bytes, string text) =>
        Assert.Equal(text, ProgressText.Size(bytes));

    [Fact]
    public void Progress_tells_stage_part_rate_and_time_left() =>
        Assert.Equal(
            "streaming the snapshot: 100.0 MiB of 400.0 MiB (25 %), 50.0 MiB/s, 6.0 s left",
            ProgressText.Describe(new WorkProgress("streaming the snapshot", 100 << 20, 400 << 20),
                TimeSpan.FromSeconds(2)));

    [Fact]
    public void An_unknown_total_leaves_out_part_and_time() =>
        Assert.Equal("reading: 2.0 MiB, 1.0 MiB/s",
            ProgressText.Describe(new WorkProgress("reading", 2 << 20, 0), TimeSpan.FromSeconds(2)));
}
