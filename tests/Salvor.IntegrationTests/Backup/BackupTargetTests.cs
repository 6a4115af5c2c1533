using Salvor.IntegrationTests.Support;
using Salvor.Platform.Linux;

namespace Salvor.IntegrationTests.Backup;

/// <summary>Targets that can't take the snapshot.</summary>
public sealed class BackupTargetTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_full_disk_is_seen_before_the_first_byte()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Mounting a small file system needs root.");
        await using var server = await EtcdServer.StartAsync("sid");
        await SnapshotLoad.FillAsync(server, megabytes: 8);
        (await ToolProcess.RunAsync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", _directory.FullName]))
            .ShouldExitWith(0);
        try
        {
            var run = (await BackupAsync(server, _directory["snap.db"])).ShouldExitWith(7);

            Assert.Contains("bytes free", run.Stderr, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(_directory.FullName));
        }
        finally
        {
            (await ToolProcess.RunAsync("umount", [_directory.FullName])).ShouldExitWith(0);
        }
    }

    [Fact]
    public async Task A_disk_that_fills_up_on_the_way_leaves_no_file()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Writing to a full device needs root.");
        await using var server = await EtcdServer.StartAsync("sid");
        await SnapshotLoad.FillAsync(server, megabytes: 24);
        (await ToolProcess.RunAsync("mount", ["-t", "tmpfs", "-o", "size=80m", "tmpfs", _directory.FullName]))
            .ShouldExitWith(0);
        try
        {
            // A limit of the process is met only by writing; free space says nothing of it.
            var (program, arguments) =
                SalvorCommand.Locate("backup", "--to-file", _directory["snap.db"], "--endpoints", server.Endpoint);
            var run = await ToolProcess.RunAsync("prlimit",
                ["--fsize=8388608", "env", "--ignore-signal=XFSZ", program, .. arguments]);

            Assert.NotEqual(0, run.ExitCode);
            Assert.Contains("error: Cannot write", run.Stderr, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(_directory.FullName));
        }
        finally
        {
            (await ToolProcess.RunAsync("umount", [_directory.FullName])).ShouldExitWith(0);
        }
    }

    [Fact]
    public async Task A_directory_of_somebody_else_is_refused_with_a_hint()
    {
        await using var server = await EtcdServer.StartAsync("sid");
        new LinuxFileSystem().SetMode(_directory.FullName, UnixFileMode.UserRead | UnixFileMode.UserExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        try
        {
            var (program, arguments) =
                SalvorCommand.Locate("backup", "--to-file", _directory["snap.db"], "--endpoints", server.Endpoint);
            // Root may write anywhere, so it becomes nobody first.
            var run = Environment.IsPrivilegedProcess
                ? await ToolProcess.RunAsync("setpriv",
                    ["--reuid=65534", "--regid=65534", "--clear-groups", program, .. arguments])
                : await ToolProcess.RunAsync(program, arguments);

            run.ShouldExitWith(6);
            Assert.Contains("hint:", run.Stderr, StringComparison.Ordinal);
        }
        finally
        {
            new LinuxFileSystem().SetMode(_directory.FullName,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static Task<ToolResult> BackupAsync(EtcdServer server, string file) =>
        SalvorCommand.RunAsync("backup", "--to-file", file, "--endpoints", server.Endpoint);
}
