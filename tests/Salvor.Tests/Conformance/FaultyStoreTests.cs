using Salvor.ObjectStore;
using Salvor.ObjectStore.Decorators;

namespace Salvor.Tests.Conformance;

/// <summary>A store that fails all the time is a good store, seen through retries.</summary>
public sealed class FaultyStoreTests : ObjectStoreContract
{
    private readonly int _seed = Random.Shared.Next();

    protected override int LargeBytes => 1 << 20;

    protected override Task<IObjectStore> OpenAsync()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {_seed}");
        var options = new RetryOptions
        {
            AttemptsMax = 100,
            DelayMin = TimeSpan.FromMicroseconds(1),
            DelayMax = TimeSpan.FromMilliseconds(1),
        };
        var faulty = new FaultyStore(new MemoryStore(), FaultRates.Often, _seed);
        return Task.FromResult<IObjectStore>(
            new RetryingStore(faulty, options, new Random(_seed), TimeProvider.System));
    }
}
