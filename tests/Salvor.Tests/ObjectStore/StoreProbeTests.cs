using System.Buffers;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.ObjectStore.Probe;
using Salvor.Platform;

namespace Salvor.Tests.ObjectStore;

public sealed class StoreProbeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Good_store_may_be_used_for_everything_and_is_left_as_it_was()
    {
        var memory = new MemoryStore { ["other"] = [1] };
        var report = await ProbeAsync(memory);

        Assert.All(report.Checks, c => Assert.Equal(ProbeOutcome.Passed, c.Outcome));
        Assert.All(Enum.GetValues<StoreUse>(), use => Assert.True(report.Allows(use)));
        Assert.Equal(["other"], memory.Names);
        Assert.Empty(report.LeftBehind);
    }

    [Fact]
    public async Task Store_that_overlooks_conditions_may_hold_no_lease()
    {
        var store = new LawlessStore(new MemoryStore()) { Overlooks = PutConditionKind.IfMatch };
        var report = await ProbeAsync(store);

        Assert.True(report.Allows(StoreUse.Repository));
        Assert.False(report.Allows(StoreUse.Lease));
        Assert.Equal(["ifMatch", "ifMatchRace"], report.Against(StoreUse.Lease).Select(c => c.Name));
        Assert.Contains("old tag", report.Checks.Single(c => c.Name == "ifMatch").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_that_overwrites_what_is_there_may_hold_no_repository()
    {
        var store = new LawlessStore(new MemoryStore()) { Overlooks = PutConditionKind.IfAbsent };
        var report = await ProbeAsync(store);

        Assert.False(report.Allows(StoreUse.Repository));
        Assert.Contains(report.Against(StoreUse.Lease), c => c.Name == "ifAbsentRace");
    }

    [Fact]
    public async Task Writer_without_deletes_may_keep_backups_and_what_it_left_is_told()
    {
        var memory = new MemoryStore();
        var report = await ProbeAsync(new LawlessStore(memory) { DeniesDelete = true });

        Assert.True(report.Allows(StoreUse.Repository));
        Assert.True(report.Allows(StoreUse.Lease));
        Assert.False(report.Allows(StoreUse.Prune));
        Assert.Equal(ProbeOutcome.Denied, report.Checks.Single(c => c.Name == "delete").Outcome);
        Assert.Equal(memory.Names, report.LeftBehind.Select(n => n.Value).Order(StringComparer.Ordinal).Intersect(
            memory.Names));
    }

    [Fact]
    public async Task Denied_put_leaves_the_rest_untried()
    {
        var report = await ProbeAsync(new LawlessStore(new MemoryStore()) { DeniesPut = true });

        Assert.Equal(ProbeOutcome.Denied, report.Checks[0].Outcome);
        Assert.All(report.Checks.Skip(1), c => Assert.Equal(ProbeOutcome.NotTried, c.Outcome));
        Assert.False(report.Allows(StoreUse.Repository));
    }

    [Fact]
    public async Task Store_that_is_not_there_is_a_failure_and_no_report()
    {
        var store = new FaultyStore(new MemoryStore(), new FaultRates { ErrorBefore = 1 }, seed: 1);
        var error = await Assert.ThrowsAsync<SalvorException>(() => ProbeAsync(store));

        Assert.Equal(ErrorCode.StoreUnreachable, error.Code);
    }

    private static Task<ProbeReport> ProbeAsync(IObjectStore store) =>
        new StoreProbe(store, new OsEntropy(), TimeProvider.System).RunAsync(Ct);

    /// <summary>Does not keep a part of the contract, as some real stores don't.</summary>
    private sealed class LawlessStore(IObjectStore inner) : IObjectStore
    {
        public PutConditionKind Overlooks { get; init; }

        public bool DeniesPut { get; init; }

        public bool DeniesDelete { get; init; }

        public string Location => inner.Location;

        public Task<PutResult> PutAsync(
            ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct) =>
            DeniesPut
                ? throw Denied()
                : inner.PutAsync(name, content, condition.Kind == Overlooks ? PutCondition.None : condition, ct);

        public Task<ObjectContent?> GetAsync(
            ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct) =>
            inner.GetAsync(name, range, bytesMax, ct);

        public Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct) => inner.HeadAsync(name, ct);

        public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string? startAfter, CancellationToken ct) =>
            inner.ListAsync(prefix, startAfter, ct);

        public Task DeleteAsync(ObjectName name, CancellationToken ct) =>
            DeniesDelete ? throw Denied() : inner.DeleteAsync(name, ct);

        public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
            inner.RemoveAbandonedAsync(startedBefore, ct);

        private static SalvorException Denied() => new(ErrorCode.StoreDenied, "AccessDenied");
    }
}
