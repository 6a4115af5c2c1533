using System.Buffers;
using System.Runtime.CompilerServices;
using Salvor.ObjectStore;

namespace Salvor.Tests.Repository.Keeping;

/// <summary>A store whose every call takes a random time, before and after it is done, so that others come between.</summary>
internal sealed class SlowStore(IObjectStore inner, TimeProvider time, Random random, TimeSpan most) : IObjectStore
{
    public string Location => inner.Location;

    public async Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        await WaitAsync(ct);
        var result = await inner.PutAsync(name, content, condition, ct);
        await WaitAsync(ct);
        return result;
    }

    public async Task<ObjectContent?> GetAsync(ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct)
    {
        await WaitAsync(ct);
        var result = await inner.GetAsync(name, range, bytesMax, ct);
        await WaitAsync(ct);
        return result;
    }

    public async Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct)
    {
        await WaitAsync(ct);
        return await inner.HeadAsync(name, ct);
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        await WaitAsync(ct);
        await foreach (var info in inner.ListAsync(prefix, startAfter, ct))
        {
            yield return info;
        }

        await WaitAsync(ct);
    }

    public async Task DeleteAsync(ObjectName name, CancellationToken ct)
    {
        await WaitAsync(ct);
        await inner.DeleteAsync(name, ct);
        await WaitAsync(ct);
    }

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        inner.RemoveAbandonedAsync(startedBefore, ct);

    private Task WaitAsync(CancellationToken ct) =>
        Task.Delay(TimeSpan.FromMilliseconds(1 + random.Next((int)most.TotalMilliseconds)), time, ct);
}
