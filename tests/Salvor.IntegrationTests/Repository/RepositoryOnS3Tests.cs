using Salvor.IntegrationTests.ObjectStore;
using Salvor.IntegrationTests.Salvage;
using Salvor.IntegrationTests.Streaming;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Repository;

/// <summary>The whole way through a bucket: snapshot, stream, loss of the machine, restore.</summary>
public sealed class RepositoryOnS3Tests(MotoFixture moto) : IClassFixture<MotoFixture>
{
    [Fact]
    public async Task What_was_streamed_to_a_bucket_comes_back()
    {
        var bucket = await moto.NewBucketAsync();
        using var rig = new RepositoryRig(
            $"s3://{bucket}/prod", "--s3-endpoint", moto.Server.Endpoint.ToString(), "--s3-path-style");
        await rig.InitAsync();
        await using var source = await EtcdServer.StartAsync("sid");
        var first = await rig.BackupAsync(source);
        await using var streamer = rig.StartStream(source);
        await StreamEvents.WaitUntilSafeAsync(streamer, first.GetProperty("revision").GetInt64());
        using (var load = new GatewayWorkload(source.Endpoint, seed: 3) { Compacts = false })
        {
            await load.RunAsync(TestLevel.Choose(60, 100, 400));
        }

        streamer.SendTerminate(); // It stores all that it has seen, and etcd has told it everything by now or soon.
        (await streamer.FinishAsync()).ShouldExitWith(0);
        await rig.BackupAsync(source);
        var truth = await KeyspaceTruth.AskAsync(source);
        await source.StopAsync();

        var report = await rig.RestoreAsync("restored", "--revision-bump", "0");

        Assert.Equal(truth.Head, report.GetProperty("revision").GetInt64());
        await using var restored = await rig.BootAsync("sid", "restored");
        (await KeyspaceTruth.AskAsync(restored)).ShouldEqual(truth);
    }
}
