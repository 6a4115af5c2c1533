using System.Buffers;
using Salvor.ObjectStore;

namespace Salvor.Tests.ObjectStore;

/// <summary>A store around each of whose puts a test does something.</summary>
internal sealed class ScriptedStore(IObjectStore inner) : IObjectStore
{
    private int _puts;

    public Action<int>? BeforePut { get; init; }

    public Action<int>? AfterPut { get; init; }

    public string Location => inner.Location;

    public async Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        var attempt = _puts++;
        BeforePut?.Invoke(attempt);
        var result = await inner.PutAsync(name, content, condition, ct);
        AfterPut?.Invoke(attempt);
        return result;
    }

    public Task<ObjectContent?> GetAsync(ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct) =>
        inner.GetAsync(name, range, bytesMax, ct);

    public Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct) => inner.HeadAsync(name, ct);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string? startAfter, CancellationToken ct) =>
        inner.ListAsync(prefix, startAfter, ct);

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => inner.DeleteAsync(name, ct);

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        inner.RemoveAbandonedAsync(startedBefore, ct);
}
