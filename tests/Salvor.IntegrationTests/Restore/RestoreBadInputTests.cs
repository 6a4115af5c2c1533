using System.IO.Compression;
using System.Security.Cryptography;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Restore;

/// <summary>
/// What people do by mistake, through the real binary: a sentence, a hint, the right exit code, and nothing touched.
/// </summary>
public sealed class RestoreBadInputTests : IAsyncLifetime
{
    private readonly RestoreRig _rig = new("sid");
    private byte[] _snapshot = [];

    public async ValueTask InitializeAsync()
    {
        await using var source = await EtcdServer.StartAsync("sid");
        for (var i = 0; i < 20; i++)
        {
            await source.Etcdctl.PutAsync($"/k{i}", new string('v', 5000));
        }

        await source.Etcdctl.SaveSnapshotAsync(_rig.Snapshot);
        _snapshot = await File.ReadAllBytesAsync(_rig.Snapshot, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _rig.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Files_of_another_kind_are_named()
    {
        await ShouldRefuseAsync(Compressed(), 8, "gzip");
        await ShouldRefuseAsync([0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0, 0], 8, "zstd");
        await ShouldRefuseAsync([], 8, "empty");
        await ShouldRefuseAsync([.. "SQLite format 3\0"u8, .. new byte[4096]], 8, "SQLite");
        await ShouldRefuseAsync([.. new byte[257], .. "ustar\0"u8, .. new byte[1000]], 8, "tar archive");
        await ShouldRefuseAsync("<html>404</html>"u8.ToArray(), 8, "text");
        await ShouldRefuseAsync("just a note about etcd, not a snapshot of it"u8.ToArray(), 30, "no etcd snapshot");
        await ShouldRefuseAsync(new byte[8192], 30, "");
        await ShouldRefusePathAsync("/dev/null", 8, "not a file");
        await ShouldRefusePathAsync(_rig["nowhere.db"], 5, "nowhere.db");
        Directory.CreateDirectory(_rig["directory"]);
        await ShouldRefusePathAsync(_rig["directory"], 8, "is a directory");
        await ToolProcess.RunAsync("mkfifo", [_rig["pipe"]]);
        await ShouldRefusePathAsync(_rig["pipe"], 8, "not a file");
    }

    [Fact]
    public async Task Damaged_downloads_are_refused()
    {
        var image = _snapshot.Length - 32;
        foreach (var length in new[] { 32, 512, 544, 4096, 4096 + 32, 10_000, image / 2 / 4096 * 4096, image - 4096,
            image, image + 31, image - 1 })
        {
            await ShouldRefuseAsync(_snapshot[..length], 30, "");
            await ShouldRefuseAsync(_snapshot[..length], 30, "", "--skip-hash-check", except: length == image);
        }

        await ShouldRefuseAsync(_snapshot[..image], 30, "no hash at its end");
        foreach (var at in new[] { 20, image / 3, image - 1, image, _snapshot.Length - 1 })
        {
            var flipped = _snapshot.ToArray();
            flipped[at] ^= 1;
            await ShouldRefuseAsync(flipped, 30, "");
        }

        var grown = _snapshot.ToList();
        grown.InsertRange(image, new byte[512]);
        await ShouldRefuseAsync([.. grown], 30, "SHA-256");
    }

    [Fact]
    public async Task Hash_that_agrees_does_not_vouch_for_nonsense()
    {
        var image = _snapshot[..^32];
        for (var seed = 0; seed < TestLevel.Choose(10, 40, 400); seed++)
        {
            var random = new Random(seed);
            var mutated = image.ToArray();
            for (var i = 0; i < 3; i++)
            {
                mutated[8192 + random.Next(mutated.Length - 8192)] = (byte)random.Next(256);
            }

            await File.WriteAllBytesAsync(_rig["bad.db"], [.. mutated, .. SHA256.HashData(mutated)],
                TestContext.Current.CancellationToken);
            var result = await SalvorCommand.RunAsync("restore", _rig["bad.db"], "--data-dir", _rig.Target);
            Assert.True(result.ExitCode is 0 or 30, $"seed {seed}: {result}");
            ShouldBePlain(result);
            if (result.ExitCode == 0)
            {
                Directory.Delete(_rig.Target, recursive: true);
            }

            Assert.False(Directory.Exists(_rig.Target));
        }
    }

    [Fact]
    public async Task Command_lines_that_can_not_be_meant()
    {
        await ShouldRefusePathAsync(_rig.Snapshot, 2, "--leaf-pages", "--leaf-pages", "0");
        await ShouldRefusePathAsync(_rig.Snapshot, 2, "--revision-bump", "--revision-bump", "-1");
        await ShouldRefusePathAsync(_rig.Snapshot, 2, "--peer-urls", "--peer-urls", "10.0.0.5:2380");
        await ShouldRefusePathAsync(_rig.Snapshot, 2, "--peer-urls", "--peer-urls", "http://host");
        await ShouldRefusePathAsync(_rig.Snapshot, 2, "--name", "--name", "");
        await ShouldRefusePathAsync(_rig.Snapshot, 2, "--no-such", "--no-such");
        (await SalvorCommand.RunAsync("restore", _rig.Snapshot)).ShouldExitWith(2);
        (await SalvorCommand.RunAsync("restore", _rig.Snapshot, "--data-dir", "")).ShouldExitWith(2);
    }

    [Fact]
    public async Task Targets_that_can_not_be()
    {
        await RunShouldRefuseAsync(2, "is a file", _rig.Snapshot);
        await RunShouldRefuseAsync(5, "Check the path", _rig["no/such/parent/data"]);
        Directory.CreateDirectory(_rig["photos"]);
        await File.WriteAllTextAsync(_rig["photos"] + "/cat.jpg", "", TestContext.Current.CancellationToken);
        await RunShouldRefuseAsync(4, "cat.jpg", _rig["photos"]);
        await _rig.RestoreAsync();
        await RunShouldRefuseAsync(4, "--quarantine", _rig.Target);
        await using var etcd = await _rig.BootAsync();
        await RunShouldRefuseAsync(11, "live etcd", _rig.Target, "--quarantine");
        (await SalvorCommand.RunAsync("verify", _rig.Target)).ShouldExitWith(11);
        await etcd.Etcdctl.PutAsync("/still", "alive");
        etcd.ShouldHaveCleanLog();
    }

    [Fact]
    public async Task File_systems_that_are_full_or_read_only()
    {
        await using (var small = await TmpfsMount.MakeAsync(_rig["small"], "size=70m"))
        {
            await File.WriteAllBytesAsync(_rig["small"] + "/ballast", new byte[60 << 20],
                TestContext.Current.CancellationToken);
            await RunShouldRefuseAsync(7, "space", _rig["small"] + "/data");
            Assert.Equal(["ballast"], Directory.EnumerateFileSystemEntries(_rig["small"])
                .Select(p => Path.GetFileName(p)!));
        }

        await using var fixedOne = await TmpfsMount.MakeAsync(_rig["fixed"], "size=1m");
        await fixedOne.MakeReadOnlyAsync();
        await RunShouldRefuseAsync(6, "read-only", _rig["fixed"]);
        await RunShouldRefuseAsync(6, "read-only", _rig["fixed"] + "/data");
    }

    [Fact]
    public async Task Nobody_may_neither_read_nor_write_what_is_not_theirs()
    {
        await ToolProcess.RunAsync("chmod", ["755", Path.GetDirectoryName(_rig.Snapshot)!]);
        await ToolProcess.RunAsync("chmod", ["644", _rig.Snapshot]);
        var (program, arguments) = SalvorCommand.Locate("restore", _rig.Snapshot, "--data-dir", _rig.Target);
        await AsNobodyAsync(program, arguments);
        Directory.CreateDirectory(_rig.Target);
        await AsNobodyAsync(program, arguments);
        await ToolProcess.RunAsync("chmod", ["700", _rig.Target]);
        await AsNobodyAsync(program, arguments);
        await ToolProcess.RunAsync("chmod", ["600", _rig.Snapshot]);
        await AsNobodyAsync(program, arguments);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_rig.Target));
    }

    [Fact]
    public async Task Failure_as_json_is_one_object_on_stdout()
    {
        var result =
            await SalvorCommand.RunAsync("restore", _rig["nowhere.db"], "--data-dir", _rig.Target, "--output", "json");
        result.ShouldExitWith(5);
        var error = result.Json().GetProperty("error");
        Assert.Equal("notFound", error.GetProperty("code").GetString());
        Assert.Equal(5, error.GetProperty("exitCode").GetInt32());
        Assert.NotEmpty(error.GetProperty("hint").GetString()!);
        Assert.Empty(result.Stderr);
    }

    private static void ShouldBePlain(ToolResult result)
    {
        Assert.DoesNotContain("   at ", result.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("bug in salvor", result.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Stderr, StringComparison.Ordinal);
    }

    private static async Task AsNobodyAsync(string program, string[] arguments)
    {
        var result = await ToolProcess.RunAsync("setpriv",
            ["--reuid", "65534", "--regid", "65534", "--clear-groups", program, .. arguments]);
        result.ShouldExitWith(6);
        Assert.Contains("hint:", result.Stderr, StringComparison.Ordinal);
        ShouldBePlain(result);
    }

    private byte[] Compressed()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(_snapshot);
        }

        return packed.ToArray();
    }

    private async Task ShouldRefuseAsync(byte[] content, int exitCode, string words, string? more = null,
        bool except = false)
    {
        if (except)
        {
            return;
        }

        await File.WriteAllBytesAsync(_rig["bad.db"], content, TestContext.Current.CancellationToken);
        await ShouldRefusePathAsync(_rig["bad.db"], exitCode, words, more is null ? [] : [more]);
    }

    private async Task ShouldRefusePathAsync(string path, int exitCode, string words, params string[] more)
    {
        var result = await SalvorCommand.RunAsync(["restore", path, "--data-dir", _rig.Target, .. more]);
        result.ShouldExitWith(exitCode);
        Assert.Contains(words, result.Stderr, StringComparison.Ordinal);
        Assert.Contains("hint:", result.Stderr, StringComparison.Ordinal);
        ShouldBePlain(result);
        Assert.False(Directory.Exists(_rig.Target), $"a target was made by {result}");
    }

    private async Task RunShouldRefuseAsync(int exitCode, string words, string target, params string[] more)
    {
        var result = await SalvorCommand.RunAsync(["restore", _rig.Snapshot, "--data-dir", target, .. more]);
        result.ShouldExitWith(exitCode);
        Assert.Contains(words, result.Stderr, StringComparison.Ordinal);
        Assert.Contains("hint:", result.Stderr, StringComparison.Ordinal);
        ShouldBePlain(result);
    }
}
