using System.Buffers;

namespace Salvor.ObjectStore.Decorators;

/// <summary>Holds the mean rate of bytes down, each direction for itself. One object goes at full speed.</summary>
public sealed class RateLimitedStore(IObjectStore inner, RateLimitOptions options, TimeProvider time) : IObjectStore
{
    private readonly RateGate _up = new(options.UploadBytesPerSecondMax, time);
    private readonly RateGate _down = new(options.DownloadBytesPerSecondMax, time);

    public string Location => inner.Location;

    public async Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        await _up.PassAsync(content.Length, ct);
        return await inner.PutAsync(name, content, condition, ct);
    }

    public async Task<ObjectContent?> GetAsync(
        ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct)
    {
        // How much it is shows in the answer only: it is the next one that waits for it.
        await _down.PassAsync(0, ct);
        var content = await inner.GetAsync(name, range, bytesMax, ct);
        _down.Take(content?.Bytes.Length ?? 0);
        return content;
    }

    public Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct) => inner.HeadAsync(name, ct);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string? startAfter, CancellationToken ct) =>
        inner.ListAsync(prefix, startAfter, ct);

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => inner.DeleteAsync(name, ct);

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        inner.RemoveAbandonedAsync(startedBefore, ct);
}
