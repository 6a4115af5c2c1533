using System.Buffers;
using Salvor.Errors;
using Salvor.ObjectStore;

namespace Salvor.Tests.Recovery.Outside;

/// <summary>A way to a store that can be cut.</summary>
internal sealed class SwitchedStore(IObjectStore inner) : IObjectStore
{
    public bool IsAway { get; set; }

    /// <summary>Whether calls get no answer at all, until their caller gives up.</summary>
    public bool Swallows { get; set; }

    public string Location => inner.Location;

    private IObjectStore Way => IsAway
        ? throw new SalvorException(ErrorCode.StoreUnreachable, "The store does not answer.") { IsTransient = true }
        : inner;

    public async Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct) =>
        await (await WayAsync(ct)).PutAsync(name, content, condition, ct);

    public async Task<ObjectContent?> GetAsync(
        ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct) =>
        await (await WayAsync(ct)).GetAsync(name, range, bytesMax, ct);

    public async Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct) => await Way.HeadAsync(name, ct);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string? startAfter, CancellationToken ct) =>
        Way.ListAsync(prefix, startAfter, ct);

    public async Task DeleteAsync(ObjectName name, CancellationToken ct) => await Way.DeleteAsync(name, ct);

    public async Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        await Way.RemoveAbandonedAsync(startedBefore, ct);

    private async Task<IObjectStore> WayAsync(CancellationToken ct)
    {
        if (Swallows)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        }

        return Way;
    }
}
