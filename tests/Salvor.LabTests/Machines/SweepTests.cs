using Salvor.Lab;
using Salvor.Lab.Host;

namespace Salvor.LabTests.Machines;

/// <summary>Nothing of a lab outlives it, not even of one whose process was killed.</summary>
public sealed class SweepTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_lab_that_was_left_behind_is_removed_by_the_next()
    {
        var cancel = TestContext.Current.CancellationToken;
        var paths = RegionFixture.NewPaths();
        try
        {
            // Never disposed: as if its process had been killed.
            var left = await Laboratory.CreateAsync(paths, new LabSettings(RegionFixture.Image()), cancel);
            await left.Host.CreateAsync(RegionFixture.Order(RegionFixture.First, 1), cancel);
            await left.Host.CreateVolumeAsync("vol-1", 1, snapshot: null, cancel);
            await left.Host.AttachAsync("vol-1", RegionFixture.First, "/dev/sdg", cancel);
            await left.Host.PowerOnAsync(RegionFixture.First, cancel);
            await left.Host.Find(RegionFixture.First)
                .ShellAsync("mkfs.ext4 -q /dev/sdg && mount /dev/sdg /mnt", cancel);
            var kinds = (await Sweep.LeftoversAsync(paths, cancel)).Select(line => line.Split(' ')[0]).ToHashSet();
            Assert.Superset(new HashSet<string> { "process", "group", "loop", "network", "directory" }, kinds);
        }
        finally
        {
            await Sweep.RunAsync(paths, CancellationToken.None);
        }

        Assert.Empty(await Sweep.LeftoversAsync(paths, cancel));
        // Other labs may run beside this test, and what they share is theirs then.
        foreach (var parent in Sweep.Parents)
        {
            await Wait.UntilAsync($"an end of {parent}", _ => Task.FromResult(
                !Directory.Exists(parent) || Directory.EnumerateDirectories(parent).Any()), Patience, cancel);
        }
    }

    [Fact]
    public void A_name_that_would_lead_elsewhere_is_refused()
    {
        foreach (var name in (string[])["", "../x", "A", "toolongname", "a/b", "a b"])
        {
            Assert.Throws<LabException>(() => LabPaths.Of(name));
        }
    }
}
