using System.Globalization;
using Salvor.Platform.Linux;

namespace Salvor.Tests.Platform;

/// <summary>Work that gives way, on the kernel that runs this test.</summary>
public sealed class BackgroundCpuPoolTests : IDisposable
{
    private readonly BackgroundCpuPool _pool = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _pool.Dispose();

    [Fact]
    public async Task Work_gives_way_and_what_awaits_it_does_not()
    {
        var before = NiceOfThread();
        for (var round = 0; round < 100; round++)
        {
            var within = await _pool.Run(NiceOfThread, Ct);

            Assert.Equal(Math.Min(19, before + BackgroundCpuPool.NiceIncrement), within);
            Assert.Equal(before, NiceOfThread());
        }

        Assert.Equal(before, NiceOf("/proc/self/stat")); // The process's first thread.
    }

    [Fact]
    public async Task Two_pieces_of_work_run_at_once()
    {
        using var both = new Barrier(participantCount: 2);
        var met = await Task.WhenAll(
            _pool.Run(() => both.SignalAndWait(TimeSpan.FromSeconds(30)), Ct),
            _pool.Run(() => both.SignalAndWait(TimeSpan.FromSeconds(30)), Ct));

        Assert.Equal([true, true], met);
    }

    [Fact]
    public async Task A_failure_and_a_cancelling_reach_whoever_waits()
    {
        await Assert.ThrowsAsync<IOException>(() => _pool.Run<int>(() => throw new IOException("full"), Ct));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _pool.Run(() => 1, new CancellationToken(canceled: true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _pool.Run<int>(() => throw new OperationCanceledException(), Ct));
        Assert.Equal(1, await _pool.Run(() => 1, Ct));
    }

    private static int NiceOfThread() => NiceOf("/proc/thread-self/stat");

    /// <summary>The 19th field; the second is a name in parentheses, which may hold anything.</summary>
    private static int NiceOf(string path)
    {
        var text = File.ReadAllText(path);
        var afterName = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return int.Parse(afterName[16], CultureInfo.InvariantCulture);
    }
}
