using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Backup;

/// <summary>A backup that is cut short leaves nothing behind and says why.</summary>
public sealed class BackupInterruptionTests : IDisposable
{
    // Large enough to be caught in the middle.
    private const int LoadMegabytes = 250;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_killed_etcd_ends_the_backup_with_an_error_and_no_file()
    {
        await using var server = await StartLoadedAsync();
        await using var backup = StartBackup(server);
        await UntilUnderWayAsync(backup);

        await server.KillAsync();

        var run = (await backup.FinishAsync()).ShouldExitWith(13);
        Assert.Contains(server.Endpoint, run.Stderr, StringComparison.Ordinal);
        Assert.Contains("broke", run.Stderr, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.FullName));
    }

    [Fact]
    public async Task A_terminated_backup_cleans_up_and_exits_with_130()
    {
        await using var server = await StartLoadedAsync();
        await using var backup = StartBackup(server);
        await UntilUnderWayAsync(backup);

        backup.SendTerminate();

        (await backup.FinishAsync()).ShouldExitWith(130);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.FullName));
    }

    private static async Task<EtcdServer> StartLoadedAsync()
    {
        var server = await EtcdServer.StartAsync("sid");
        await SnapshotLoad.FillAsync(server, LoadMegabytes);
        return server;
    }

    private ToolProcess StartBackup(EtcdServer server) =>
        SalvorCommand.Start("backup", "--to-file", _directory["snap.db"], "--endpoints", server.Endpoint);

    /// <summary>Returns once the hidden file has some megabytes, which is long before the end.</summary>
    private async Task UntilUnderWayAsync(ToolProcess backup)
    {
        while (!new DirectoryInfo(_directory.FullName).EnumerateFiles().Any(f => f.Length > 4 << 20))
        {
            Assert.False(backup.HasExited, backup.Stderr);
            await Task.Yield();
        }
    }
}
