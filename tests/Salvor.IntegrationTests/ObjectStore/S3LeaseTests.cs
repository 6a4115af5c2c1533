using Salvor.ObjectStore.Probe;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Providers.S3;
using Salvor.Recovery.Lease;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Repository.Keys;

namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>The lease in a bucket of somebody else's S3, with real tags and real clocks.</summary>
public sealed class S3LeaseTests(MotoFixture moto) : IClassFixture<MotoFixture>
{
    private static readonly string[] Holders = ["a", "b", "c"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lease_in_a_bucket_has_one_holder_at_a_time()
    {
        var options = new S3StoreOptions
        {
            Bucket = await moto.NewBucketAsync(),
            Prefix = "clusters/one",
            Endpoint = moto.Server.Endpoint,
            UsesPathStyle = true,
        };
        using var store = new S3Store(options, new LinuxFileSystem(), TimeProvider.System);
        var entropy = new OsEntropy();
        var sealer = new ObjectSealer(RepositoryId.New(entropy), RepositoryKey.New(entropy), entropy);
        var probe = await new StoreProbe(store, entropy, TimeProvider.System).RunAsync(Ct);
        var leases = Holders.Select(name => new StoreLease(
            new StoreJson(new OpenRepository(store, sealer)), probe, OptionsOf(name), TimeProvider.System,
            entropy)).ToList();

        var first = await TakeAsync(leases);
        Assert.Equal(LeaseState.Held, (await first.RenewAsync(Ct)).State);
        await first.ReleaseAsync(Ct);
        leases.Remove(first);
        var second = await TakeAsync(leases);
        leases.Remove(second);

        // The second one is gone without a word: the last has to wait for its time to run out.
        var third = await TakeAsync(leases);
        Assert.False(second.IsHeld);
        Assert.Equal(3, third.Generation);
    }

    private static LeaseOptions OptionsOf(string name)
    {
        Assert.True(HolderId.TryParse(name, out var holder));
        return new LeaseOptions
        {
            Holder = holder,
            Duration = TimeSpan.FromSeconds(6),
            Margin = TimeSpan.FromMilliseconds(300),
        };
    }

    /// <summary>All try at once until one has it.</summary>
    private static async Task<StoreLease> TakeAsync(List<StoreLease> leases)
    {
        while (true)
        {
            await Task.WhenAll(leases.Select(lease => lease.TryTakeAsync(Ct)));
            var holders = leases.FindAll(lease => lease.IsHeld);
            Assert.True(holders.Count <= 1, "Two hold the lease.");
            if (holders is [var holder])
            {
                return holder;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), Ct);
        }
    }
}
