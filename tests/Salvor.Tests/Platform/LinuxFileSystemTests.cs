using System.Diagnostics;
using Salvor.Errors;
using Salvor.Platform.Linux;
using Salvor.Tests.DataDirectory;

namespace Salvor.Tests.Platform;

public sealed class LinuxFileSystemTests : IDisposable
{
    private const int Rounds = 500;

    private readonly LinuxFileSystem _files = new();
    private readonly TempDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rename_moves_files_links_and_directories_and_replaces_nothing(bool hasFlags)
    {
        var files = new LinuxFileSystem { HasRenameFlags = hasFlags };
        File.WriteAllText(_temporary["file"], "file");
        Directory.CreateDirectory(_temporary["directory", "sub"]);
        Directory.CreateSymbolicLink(_temporary["link"], _temporary["directory"]);
        Directory.CreateSymbolicLink(_temporary["taken"], _temporary["nowhere"]);
        foreach (var name in new[] { "file", "directory", "link" })
        {
            foreach (var taken in new[] { "taken", "file", "directory" })
            {
                var error =
                    Assert.Throws<SalvorException>(() => files.Rename(_temporary[name], _temporary[taken]));
                Assert.Contains(error.Code, new[] { ErrorCode.TargetNotEmpty, ErrorCode.IoFailed });
            }
        }

        files.Rename(_temporary["link"], _temporary["link2"]);
        files.Rename(_temporary["file"], _temporary["file2"]);
        files.Rename(_temporary["directory"], _temporary["directory2"]);
        Assert.True(files.IsLink(_temporary["link2"]));
        Assert.Equal("file", File.ReadAllText(_temporary["file2"]));
        Assert.Equal(["directory2", "file2", "link2", "taken"], files.List(_temporary.FullName));
        Assert.True(Directory.Exists(_temporary["directory2", "sub"]));
    }

    [Theory]
    [InlineData(TargetKind.Empty)]
    [InlineData(TargetKind.FreshWithWal)]
    public async Task Restore_into_a_fresh_target_needs_no_flags(TargetKind kind)
    {
        using var scene = new RestoreScene(kind);
        await scene.RestoreAsync(new LinuxFileSystem { HasRenameFlags = false });
        Assert.Equal(TargetState.Complete, scene.State);
    }

    [Fact]
    public async Task Lock_whose_file_its_holder_deletes_is_never_held_twice()
    {
        var (holders, worst) = (0, 0);
        void Work()
        {
            for (var taken = 0; taken < Rounds;)
            {
                using var held = _files.TryLockOwnFile(_temporary["lock"]);
                if (held is null)
                {
                    continue;
                }

                taken++;
                worst = Math.Max(worst, Interlocked.Increment(ref holders));
                Thread.SpinWait(100);
                Interlocked.Decrement(ref holders);
                _files.DeleteOwnFile(_temporary["lock"]);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(Work, TestContext.Current.CancellationToken)));
        Assert.Equal(1, worst);
    }

    [Fact]
    public void Status_changes_with_the_content_and_with_the_file()
    {
        File.WriteAllText(_temporary["file"], "content");
        var before = _files.Stat(_temporary["file"]);
        Assert.Equal(before, _files.Stat(_temporary["file"]));

        File.SetLastWriteTimeUtc(_temporary["file"], new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1));
        var later = _files.Stat(_temporary["file"])!;
        Assert.NotEqual(before, later);
        Assert.Equal((Int128)1_704_164_645_000_000_100, later.ModifiedUnixNanoseconds);
    }

    [Theory]
    [InlineData(300_000_000_000)]
    [InlineData(-70_000_000_000)]
    public void File_from_a_time_that_no_calendar_holds_can_be_looked_at(long seconds)
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "Few file systems keep such times.");
        var path = $"/dev/shm/salvor-test-{Environment.ProcessId}-{seconds}";
        try
        {
            File.WriteAllText(path, "");
            using var touch = Process.Start("touch", ["-d", $"@{seconds}", path]);
            touch.WaitForExit();
            Assert.Equal((Int128)seconds * 1_000_000_000, _files.Stat(path)!.ModifiedUnixNanoseconds);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Only_exceptions_of_salvor_come_out_of_looking_at_odd_paths()
    {
        var tooLong = Path.Combine(_temporary.FullName, new string('x', 300));
        Assert.Throws<SalvorException>(() => _files.IsLink(tooLong));
        Assert.Throws<SalvorException>(() => _files.FreeBytes(_temporary["missing"]));
        Assert.False(_files.IsLink(_temporary["missing"]));
    }
}
