using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>One emulated S3 for all tests of a class. Each takes a bucket of its own.</summary>
public sealed class MotoFixture : IAsyncLifetime
{
    private MotoServer? _server;
    private int _buckets;

    public MotoServer Server => _server ?? throw new InvalidOperationException("moto is not started.");

    public async ValueTask InitializeAsync()
    {
        _server = await MotoServer.StartAsync();
    }

    /// <summary>Makes a new bucket and tells its name.</summary>
    public async Task<string> NewBucketAsync()
    {
        var name = $"bucket-{Interlocked.Increment(ref _buckets)}";
        await Server.CreateBucketAsync(name);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
