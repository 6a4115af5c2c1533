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
        // The SDK looks for credentials where a user has them; these are for everything that this process does.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test");
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
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
