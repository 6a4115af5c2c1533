using Salvor.Tests.Support;

namespace Salvor.Tests.Backup.Streaming;

/// <summary>Streamers, backups and pruners of one repository at the same time, with clocks an hour off.</summary>
[Collection(SimulatedWorldGroup.Name)]
public sealed class WritersTogetherTests
{
    [Fact]
    public void Whatever_they_do_to_each_other_what_was_acknowledged_restores()
    {
        var seeds = TestLevel.Choose(fast: 1, normal: 3, full: 60);
        for (var seed = 1; seed <= seeds; seed++)
        {
            try
            {
                var (segments, snapshots, deleted) = SimulatedWorld.Run(
                    world => new WritersTogether(world, seed).RunAsync());
                Assert.True(segments > 50 && snapshots > 5 && deleted > 5,
                    $"{segments} segments, {snapshots} snapshots, {deleted} deleted");
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed} failed: {e.Message}", e);
            }
        }
    }
}
