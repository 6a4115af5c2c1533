using System.Buffers;
using Salvor.ObjectStore;

namespace Salvor.Tests.Support;

/// <summary>A store that says that it stored an object, and kept the first half of it.</summary>
internal sealed class HalvingStore(IObjectStore inner) : IObjectStore
{
    public string Location => inner.Location;

    public Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct) =>
        inner.PutAsync(name, content.Slice(0, content.Length / 2), condition, ct);

    public Task<ObjectContent?> GetAsync(ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct) =>
        inner.GetAsync(name, range, bytesMax, ct);

    public Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct) => inner.HeadAsync(name, ct);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string? startAfter, CancellationToken ct) =>
        inner.ListAsync(prefix, startAfter, ct);

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => inner.DeleteAsync(name, ct);

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        inner.RemoveAbandonedAsync(startedBefore, ct);
}
