using System.Globalization;
using System.Security.Cryptography;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Restore;

/// <summary>
/// The real binary, killed at any moment: what is in place is the old member or the new one, never a part.
/// </summary>
public sealed class RestoreKillTests
{
    private const string Barrier = "7fffffffffffffff-7fffffffffffffff.wal";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill_at_any_moment_leaves_the_old_member_or_the_new_one(bool hasWalDirectory)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var rig = new RestoreRig("sid");
        var truth = await SaveAsync(rig);
        string[] more = hasWalDirectory ? ["--wal-dir", rig["wal"]] : [];
        string[] arguments =
            ["restore", rig.Snapshot, "--data-dir", rig.Target, "--quarantine", "--cluster-token", "t", .. more];
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        (await SalvorCommand.RunAsync(arguments)).ShouldExitWith(0);
        var whole = System.Diagnostics.Stopwatch.GetElapsedTime(started);
        var database = Path.Combine(rig.Target, "member", "snap", "db");
        var wanted = Hash(database);

        for (var kill = 0; kill < TestLevel.Choose(4, 15, 150); kill++)
        {
            // An old member, told apart from the new one by a mark.
            File.WriteAllText(Path.Combine(rig.Target, "member", "old"), "");
            await using var run = SalvorCommand.Start(arguments);
            await Task.Delay(whole * random.NextDouble() * 1.1, TestContext.Current.CancellationToken);
            run.Kill();
            await run.FinishAsync();
            var isClosed = hasWalDirectory && File.Exists(Path.Combine(rig["wal"], Barrier));
            var isOld = File.Exists(Path.Combine(rig.Target, "member", "old"));
            Assert.Equal(wanted, Hash(database));
            Assert.True(isClosed || HasLog(hasWalDirectory ? rig["wal"] : Path.Combine(rig.Target, "member", "wal")),
                $"kill {kill}: no log");
            Assert.True(isOld || OldMembers(rig) > 0, $"kill {kill}: the old member is nowhere");
            Sweep(rig, isClosed);
        }

        (await SalvorCommand.RunAsync(arguments)).ShouldExitWith(0);
        Assert.False(Directory.Exists(Path.Combine(rig.Target, ".salvor-new")));
        await using var restored = await rig.BootAsync(hasWalDirectory ? rig["wal"] : null);
        Assert.Equal(truth, await restored.Etcdctl.HashKvAsync());
        restored.ShouldHaveCleanLog();
    }

    [Fact]
    public async Task Terminate_ends_it_with_130_and_the_target_as_it_was()
    {
        using var rig = new RestoreRig("sid");
        await SaveAsync(rig);
        using var ended = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var code = 0;
        for (var attempt = 1; code != 130; attempt++)
        {
            Assert.True(attempt < 30, "it was never caught in the middle");
            await using var run = SalvorCommand.Start("restore", rig.Snapshot, "--data-dir", rig.Target);
            while (!run.HasExited && !Directory.Exists(Path.Combine(rig.Target, ".salvor-new", "member")))
            {
                ended.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }

            run.SendTerminate();
            var result = await run.FinishAsync();
            code = result.ExitCode;
            if (code == 0)
            {
                Directory.Delete(rig.Target, recursive: true);
                continue;
            }

            result.ShouldExitWith(130);
            Assert.Contains("Cancelled", result.Stderr, StringComparison.Ordinal);
            Assert.False(Directory.Exists(rig.Target));
        }
    }

    private static async Task<uint> SaveAsync(RestoreRig rig)
    {
        await using var source = await EtcdServer.StartAsync("sid");
        for (var i = 0; i < 40; i++)
        {
            var value = new string((char)('a' + (i % 26)), 1_000_000);
            await source.Etcdctl.PutAsync(string.Create(CultureInfo.InvariantCulture, $"/large/{i}"), value);
        }

        await source.Etcdctl.SaveSnapshotAsync(rig.Snapshot);
        return await source.Etcdctl.HashKvAsync();
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }

    private static bool HasLog(string directory) => Directory.Exists(directory)
        && Directory.GetFiles(directory, "*.wal").Any(f => new FileInfo(f).Length > 0);

    private static int OldMembers(RestoreRig rig) =>
        Directory.GetDirectories(rig.Target, ".salvor-quarantine-*")
            .Count(d => File.Exists(Path.Combine(d, "member", "old")));

    /// <summary>Makes room on the disk: quarantines are never deleted but by their owner.</summary>
    private static void Sweep(RestoreRig rig, bool isClosed)
    {
        if (isClosed)
        {
            return;
        }

        foreach (var parent in new[] { rig.Target, rig["wal"] }.Where(Directory.Exists))
        {
            foreach (var quarantine in Directory.GetDirectories(parent, ".salvor-quarantine-*"))
            {
                Directory.Delete(quarantine, recursive: true);
            }
        }
    }
}
