using System.Text.Json.Serialization.Metadata;
using Salvor.ObjectStore;
using Salvor.ObjectStore.Probe;
using Salvor.Recovery.Lease;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Repository.Snapshots;
using Salvor.Tests.Support;

namespace Salvor.Tests.Recovery;

/// <summary>One store, and what several machines see of it, each by a way and clocks of its own.</summary>
internal sealed class SharedPlace(IObjectStore store)
{
    private readonly ObjectSealer _sealer = TestRepository.Sealer();
    private readonly SeededEntropy _entropy = new(2);
    private ProbeReport? _probe;

    public SharedPlace()
        : this(new MemoryStore())
    {
    }

    public MemoryStore Memory => (MemoryStore)store;

    public OpenRepository Repository => new(store, _sealer);

    public static HolderId Holder(string name) => HolderId.TryParse(name, out var id) ? id : default;

    public BadWay Way() => new(store);

    public StoreJson Json(BadWay? way = null) => new(new OpenRepository(way ?? store, _sealer));

    public async Task<ProbeReport> ProbeAsync() =>
        _probe ??= await new StoreProbe(store, _entropy, TimeProvider.System).RunAsync(
            TestContext.Current.CancellationToken);

    public async Task<StoreLease> LeaseAsync(string name, TimeProvider time, BadWay? way = null) => new(
        Json(way), await ProbeAsync(),
        new LeaseOptions
        {
            Holder = Holder(name),
            Duration = TimeSpan.FromSeconds(30),
            Margin = TimeSpan.FromSeconds(5),
        },
        time, _entropy);

    public async Task<TimelineClaims> ClaimsAsync(string name, TimeProvider time, BadWay? way = null) => new(
        Json(way), new RepositoryTimelines(new OpenRepository(way ?? store, _sealer)), await ProbeAsync(),
        new ClaimOptions { Claimant = Holder(name) }, time, _entropy);

    public async Task<StoreJournals<T>> JournalsAsync<T>(JsonTypeInfo<T> type, BadWay? way = null)
        where T : class =>
        new(Json(way), await ProbeAsync(), type);

    public HeartbeatWriter Heart(string name, TimeProvider time, BadWay? way = null) =>
        new(Json(way), new HeartbeatOwner(Holder(name), "boot", "i-1"), time, _entropy);

    public async Task BeginAsync(int timeline)
    {
        var begin = new TimelineBegin
        {
            Timeline = timeline,
            ClusterId = "1",
            Reason = "a test",
            Begun = DateTimeOffset.UnixEpoch,
        };
        Assert.True(await new SnapshotCatalog(Repository).TryBeginAsync(begin, TestContext.Current.CancellationToken));
    }
}
