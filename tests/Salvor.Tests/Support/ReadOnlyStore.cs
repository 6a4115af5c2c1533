using System.Buffers;
using Salvor.Errors;
using Salvor.ObjectStore;

namespace Salvor.Tests.Support;

/// <summary>A store that its user may read and not change.</summary>
internal sealed class ReadOnlyStore(IObjectStore inner) : IObjectStore
{
    public string Location => inner.Location;

    public Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct) =>
        throw Denied($"put {name}");

    public Task<ObjectContent?> GetAsync(ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct) =>
        inner.GetAsync(name, range, bytesMax, ct);

    public Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct) => inner.HeadAsync(name, ct);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string? startAfter, CancellationToken ct) =>
        inner.ListAsync(prefix, startAfter, ct);

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => throw Denied($"delete {name}");

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        throw Denied("remove what was abandoned");

    private static SalvorException Denied(string what) =>
        new(ErrorCode.StoreDenied, $"The policy does not allow to {what}.");
}
