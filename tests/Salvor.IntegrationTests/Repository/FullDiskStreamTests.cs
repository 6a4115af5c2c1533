using System.Globalization;
using Salvor.IntegrationTests.Salvage;
using Salvor.IntegrationTests.Streaming;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Repository;

/// <summary>A repository on a real file system that becomes full, or read-only, while it is streamed to.</summary>
public sealed class FullDiskStreamTests
{
    [Theory]
    [InlineData(true, 7)]
    [InlineData(false, 6)]
    public async Task A_disk_that_takes_nothing_ends_the_stream_and_what_it_called_stored_restores(
        bool isFull, int exitCode)
    {
        using var place = new TempDirectory();
        await using var disk = await TmpfsMount.MakeAsync(place["disk"], "size=8m");
        using var rig = new RepositoryRig(Path.Combine(disk.FullName, "repository"));
        await rig.InitAsync();
        await using var etcd = await EtcdServer.StartAsync("sid");
        var stored = 0L;
        for (var round = 0; round < TestLevel.Choose(1, 2, 6); round++)
        {
            await using var stream = rig.StartStream(etcd);
            await WriteAsync(etcd, round);
            await StreamEvents.WaitUntilSafeAsync(stream, await etcd.Etcdctl.RevisionAsync());
            var ballast = Path.Combine(disk.FullName, "ballast");
            await (isFull ? FillAsync(ballast) : disk.MakeReadOnlyAsync());
            await WriteAsync(etcd, round + 100);
            var ended = (await stream.FinishAsync()).ShouldExitWith(exitCode);
            Assert.Contains("hint", ended.Stdout + ended.Stderr, StringComparison.Ordinal);
            stored = StreamEvents.SafeRevision(stream);
            if (isFull)
            {
                File.Delete(ballast);
            }
            else
            {
                await disk.MakeWritableAsync();
            }

            await ShouldRestoreAsync(rig, etcd, stored);
        }

        var head = await etcd.Etcdctl.RevisionAsync();
        Assert.True(stored < head);
        await using var last = rig.StartStream(etcd);
        await StreamEvents.WaitUntilSafeAsync(last, head);
        last.SendTerminate();
        (await last.FinishAsync()).ShouldExitWith(0);
        await ShouldRestoreAsync(rig, etcd, head);
        (await rig.RunAsync(["verify"])).ShouldExitWith(0);
    }

    private static async Task WriteAsync(EtcdServer etcd, int seed)
    {
        using var load = new GatewayWorkload(etcd.Endpoint, seed) { Compacts = false };
        await load.RunAsync(20);
    }

    private static async Task FillAsync(string ballast)
    {
        await using var file = new FileStream(ballast, FileMode.CreateNew);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                await file.WriteAsync(block, TestContext.Current.CancellationToken);
                await file.FlushAsync(TestContext.Current.CancellationToken);
            }
        }
        catch (IOException)
        {
            // Full, which is what is wanted.
        }
    }

    private static async Task ShouldRestoreAsync(RepositoryRig rig, EtcdServer etcd, long revision)
    {
        var number = revision.ToString(CultureInfo.InvariantCulture);
        await rig.RestoreAsync("restored", "--revision", number, "--revision-bump", "0");
        Assert.Equal(await etcd.Etcdctl.GetAllAsync(revision), RestoredKeyspace.Read(rig["restored"]));
        Directory.Delete(rig["restored"], recursive: true);
    }
}
