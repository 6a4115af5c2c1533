using System.Globalization;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Restore;

/// <summary>Memory does not grow with the database.</summary>
public sealed class LargeRestoreTests
{
    private const long PeakBytesMax = 60_000_000;

    [Fact]
    public async Task Large_snapshot_is_restored_in_the_memory_of_a_small_one()
    {
        var bytes = TestLevel.Choose(100_000_000L, 400_000_000L, 2_000_000_000L);
        using var rig = new RestoreRig("sid");
        using var snapshot = LargeSnapshot.Write(rig.Snapshot, bytes);
        var (result, peak) = await MeasuredCommand.RunAsync(
            "restore", rig.Snapshot, "--data-dir", rig.Target, "--output", "json");
        Assert.Equal(snapshot.Head, result.ShouldExitWith(0).Json().GetProperty("revision").GetInt64());
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes: a peak of {peak} bytes");
        if (SalvorCommand.IsPublished)
        {
            Assert.InRange(peak, 1, PeakBytesMax);
        }

        var facts = (await RestoreRig.VerifyAsync(rig.Target)).GetProperty("database");
        Assert.Equal(snapshot.Head - 1, facts.GetProperty("entries").GetInt64());
        Assert.Equal(snapshot.Keys, facts.GetProperty("liveKeys").GetInt64());
        await using var restored = await rig.BootAsync();
        Assert.Equal(snapshot.Head, await restored.Etcdctl.RevisionAsync());
        Assert.Equal(facts.GetProperty("hashKv").GetUInt32(), await restored.Etcdctl.HashKvAsync());
        var last = await restored.Etcdctl.DoAsync("get", LargeSnapshot.Key(snapshot.Keys - 1), "--print-value-only");
        Assert.StartsWith(LargeSnapshot.Mark(snapshot.Head), last, StringComparison.Ordinal);
        var count = await restored.Etcdctl.DoAsync("get", "", "--from-key", "--count-only", "-w", "fields");
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"\"Count\" : {snapshot.Keys}\n"), count,
            StringComparison.Ordinal);
        await restored.StopAsync();
        restored.ShouldHaveCleanLog();
    }
}
