using Salvor.ObjectStore;

namespace Salvor.Tests.Backup;

/// <summary>
/// Init and backup, with the real code from etcd's protocol to the store, killed before and after each of their changes
/// to the store: what was acknowledged stays whole, the repository verifies, and the next run goes on.
/// </summary>
public sealed class BackupCrashTests
{
    [Fact]
    public async Task Init_and_the_first_backup()
    {
        using var initial = BackupScene.New(seed: 1);
        initial.Write(keys: 40);
        var points = await WalkAsync(initial, RunAsync);

        // Key slot, descriptor, timeline, pack, snapshot: each of them was a point.
        Assert.Equal(5, points);
    }

    [Fact]
    public async Task A_backup_of_several_packs()
    {
        using var initial = BackupScene.New(seed: 2);
        await initial.InitAsync(initial.Store);
        initial.Write(keys: 40, bulkKeys: 4_000);
        Assert.True(await WalkAsync(initial, RunAsync) >= 4);
    }

    [Fact]
    public async Task A_further_backup()
    {
        using var initial = await WithSnapshotAsync(seed: 3);
        initial.Write(keys: 60);
        Assert.Equal(2, await WalkAsync(initial, RunAsync));
    }

    [Fact]
    public async Task A_backup_after_one_that_was_cut_off()
    {
        using var initial = await WithSnapshotAsync(seed: 4);
        initial.Write(keys: 60);
        await Assert.ThrowsAsync<StoreCrashException>(
            () => initial.BackupAsync(new CrashingStore(initial.Store, crashAt: 0, CrashSide.After)));
        initial.Write(keys: 80);
        Assert.Equal(2, await WalkAsync(initial, RunAsync));
    }

    [Fact]
    public async Task The_begin_of_a_timeline()
    {
        using var initial = await WithSnapshotAsync(seed: 5);
        initial.Etcd.ClusterId = 0xC2;
        initial.Write(keys: 30);
        Assert.Equal(3, await WalkAsync(initial, async (scene, way) =>
        {
            await scene.InitAsync(way);
            await scene.BackupAsync(way, beginsTimeline: true);
        }));
    }

    private static async Task<BackupScene> WithSnapshotAsync(int seed)
    {
        var scene = BackupScene.New(seed);
        scene.Write(keys: 40);
        await RunAsync(scene, scene.Store);
        await scene.RequireWholeAsync();
        return scene;
    }

    private static async Task RunAsync(BackupScene scene, IObjectStore way)
    {
        await scene.InitAsync(way);
        await scene.BackupAsync(way);
    }

    /// <returns>How many changes there were to be killed at.</returns>
    private static async Task<int> WalkAsync(BackupScene initial, Func<BackupScene, IObjectStore, Task> run)
    {
        for (var crashAt = 0; ; crashAt++)
        {
            foreach (var side in new[] { CrashSide.Before, CrashSide.After })
            {
                using var scene = initial.Copy(seed: 100 + (2 * crashAt) + (int)side);
                var crashing = new CrashingStore(scene.Store, crashAt, side);
                try
                {
                    await run(scene, crashing);
                }
                catch (StoreCrashException)
                {
                }

                await scene.RequireWholeAsync();
                if (!crashing.HasCrashed)
                {
                    return crashAt;
                }

                await run(scene, scene.Store);
                await scene.RequireWholeAsync();
            }
        }
    }
}
