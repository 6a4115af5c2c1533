using Salvor.EtcdClient;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.OnMachine.Disk;

namespace Salvor.Tests.Recovery.OnMachine.Disk;

public sealed class DiskStallLookTests : IDisposable
{
    private readonly RepairMachine _machine = new();
    private readonly DiskStallLook _look;
    private EtcdGauges? _gauges;

    public DiskStallLookTests() => _look = new DiskStallLook(_machine.Files, _ => Task.FromResult(_gauges));

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(10, 0.05, Truth.No)]
    [InlineData(10, 9.9, Truth.No)]
    [InlineData(10, 10.1, Truth.Yes)]
    [InlineData(1, 7, Truth.Yes)]
    public async Task The_mean_of_the_flushes_between_two_looks_tells(double flushes, double seconds, Truth expected)
    {
        Assert.Equal(Truth.Unknown, await SeeAsync(1000, 900)); // One look alone has no mean.

        Assert.Equal(expected, await SeeAsync(1000 + flushes, 900 + seconds));
    }

    [Fact]
    public async Task An_etcd_that_began_anew_or_does_not_answer_says_nothing()
    {
        await SeeAsync(1000, 900);
        Assert.Equal(Truth.Unknown, await SeeAsync(3, 30));
        Assert.Equal(Truth.No, await SeeAsync(4, 30.01));
        _gauges = null;
        Assert.Equal(Truth.Unknown, await SeeAsync());
        Assert.Equal(Truth.Unknown, await SeeAsync(9, 90));
    }

    [Fact]
    public async Task An_etcd_that_rests_does_not_stall()
    {
        await SeeAsync(1000, 900);
        Assert.Equal(Truth.No, await SeeAsync(1000, 900));
    }

    [Fact]
    public async Task A_flush_that_does_not_end_is_seen_by_its_thread()
    {
        _machine.RunProcess(50, "etcd", 'S', 'D', 'S');
        _machine.RunProcess(60, "dd", 'D');
        await SeeAsync(1000, 900);
        Assert.Equal(Truth.Unknown, await SeeAsync(1000, 900));
        Assert.Equal(Truth.Yes, await SeeAsync(1000, 900));

        Assert.Equal(Truth.Yes, await SeeAsync(1001, 903)); // It ended, after 3 s.
        Assert.Equal(Truth.Unknown, await SeeAsync(1001, 903));
    }

    [Fact]
    public async Task Threads_that_wait_in_turn_are_a_busy_disk()
    {
        for (var i = 0; i < 10; i++)
        {
            char[] states = i % 2 == 0 ? ['D', 'S'] : ['S', 'D'];
            _machine.RunProcess(50, "etcd", states);
            Assert.NotEqual(Truth.Yes, await SeeAsync());
        }
    }

    [Fact]
    public async Task A_thread_that_waits_while_flushes_are_counted_is_no_stall()
    {
        _machine.RunProcess(50, "etcd", 'D');
        await SeeAsync(0, 0);
        for (var i = 1; i < 6; i++)
        {
            Assert.Equal(Truth.No, await SeeAsync(i * 10, i * 0.5));
        }
    }

    private Task<Truth> SeeAsync(double flushes, double seconds)
    {
        _gauges = new EtcdGauges(1, 0, flushes, seconds);
        return SeeAsync();
    }

    private async Task<Truth> SeeAsync() =>
        (await _look.LookAsync(TestContext.Current.CancellationToken))[Sign.DiskStalls].Truth;
}
