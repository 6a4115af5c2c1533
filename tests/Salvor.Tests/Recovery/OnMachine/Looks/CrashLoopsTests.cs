using Salvor.Node.Runtime;
using Salvor.Recovery.OnMachine.Looks;

namespace Salvor.Tests.Recovery.OnMachine.Looks;

public sealed class CrashLoopsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 3, 0, 0, TimeSpan.Zero);

    private readonly CrashLoops _loops = new();

    [Fact]
    public void Three_starts_within_five_minutes_are_a_loop()
    {
        Assert.False(Holds(100, Ended("a", 10), Ended("b", 90)));
        Assert.True(Holds(170, Ended("b", 90), Running("c", 160)));
        Assert.True(Holds(200, Ended("c", 160)));
    }

    [Fact]
    public void Starts_that_kubelet_has_cleared_away_still_count_for_five_minutes()
    {
        Assert.False(Holds(5, Ended("a", 0)));
        Assert.False(Holds(65, Ended("b", 60)));
        Assert.True(Holds(290, Ended("c", 280)));
        Assert.False(Holds(301, Ended("c", 280)));
    }

    [Fact]
    public void What_lasts_is_no_loop_however_often_it_was_started_before()
    {
        Assert.True(Holds(80, Ended("a", 0), Ended("b", 20), Running("c", 60)));
        Assert.True(Holds(150, Running("c", 60)));
        Assert.False(Holds(151, Running("c", 60)));
    }

    [Fact]
    public void Every_name_counts_by_itself()
    {
        Assert.False(Holds(30, Ended("a", 0), Ended("b", 10), Ended("c", 20) with { Name = "etcd" }));
    }

    private static PodContainer Ended(string id, int second) => new(
        id, "kube-apiserver", 0, "sandbox", IsRunning: false, HasExited: true, Start.AddSeconds(second));

    private static PodContainer Running(string id, int second) =>
        Ended(id, second) with { IsRunning = true, HasExited = false };

    private bool Holds(int second, params PodContainer[] containers) =>
        _loops.Holds(containers, "kube-apiserver", Start.AddSeconds(second));
}
