using Salvor.ObjectStore;
using Salvor.Platform.Linux;
using Salvor.Providers.S3;

namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>The contract, held by the S3 store against somebody else's S3.</summary>
public sealed class S3StoreTests(MotoFixture moto) : ObjectStoreContract, IClassFixture<MotoFixture>
{
    private S3Store? _store;

    /// <summary>More than one part.</summary>
    protected override int LargeBytes => 12 << 20;

    public override ValueTask DisposeAsync()
    {
        _store?.Dispose();
        return base.DisposeAsync();
    }

    protected override async Task<IObjectStore> OpenAsync() => _store = new S3Store(
        new S3StoreOptions
        {
            Bucket = await moto.NewBucketAsync(),
            Prefix = "clusters/one",
            Endpoint = moto.Server.Endpoint,
            UsesPathStyle = true,
            PartBytes = 5 << 20,
            MultipartThresholdBytes = 6 << 20,
        },
        new LinuxFileSystem(),
        TimeProvider.System);
}
