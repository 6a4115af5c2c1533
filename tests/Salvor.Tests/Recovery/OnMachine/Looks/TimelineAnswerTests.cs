using Salvor.Node.Identity;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.OnMachine.Looks;
using Salvor.Repository;

namespace Salvor.Tests.Recovery.OnMachine.Looks;

/// <summary>Who has the newest timeline, and which one a machine's next may follow.</summary>
public sealed class TimelineAnswerTests
{
    public static TheoryData<int?, string?, int?, Truth, int?> Cases => new()
    {
        // The newest, whose it is, the stamp's own; whether another one has taken over, and which one is ours.
        { null, null, null, Truth.No, null },
        { null, null, 1, Truth.No, 1 },
        { 1, "00abc", 1, Truth.No, 1 },
        { 2, "00abc", 1, Truth.No, 2 },
        { 2, "00abc", null, Truth.No, 2 },
        { 2, "def", 1, Truth.Yes, 1 },
        { 2, null, 1, Truth.Yes, 1 },
        { 1, "def", 1, Truth.No, 1 },
        { 2, "def", null, Truth.Unknown, null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Newest_is_held_against_the_stamp(int? newest, string? cluster, int? ours, Truth overtaken, int? own)
    {
        var answer = new TimelineAnswer(0, Truth.Yes, "")
        {
            Newest = newest is { } number ? new TimelineId(number) : null,
            Cluster = cluster,
        };
        var stamp = new NodeIdentity
        {
            ClusterId = "abc",
            MemberId = "1",
            Timeline = ours,
            DataDirectory = "/var/lib/etcd",
            Written = DateTimeOffset.UnixEpoch,
        };

        Assert.Equal(overtaken, answer.NewerThan(stamp).Truth);
        Assert.Equal(own, answer.OwnOf(stamp));
        Assert.Equal(Truth.Unknown, answer.NewerThan(stamp: null).Truth);
        Assert.Equal(Truth.Unknown, (answer with { IsReachable = Truth.No }).NewerThan(stamp).Truth);
    }
}
