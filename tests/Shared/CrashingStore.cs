using System.Buffers;
using System.Runtime.CompilerServices;
using Salvor.ObjectStore;

namespace Salvor.Tests.Shared;

/// <summary>
/// Ends the process, as far as its store can tell, at the n-th change; after it, every call ends the same way.
/// </summary>
/// <remarks>
/// To walk all points: run the work once without a crash and read <see cref="Changes"/>; then for each number below it,
/// and each side, run it again on a fresh store, catch <see cref="StoreCrashException"/>, and look at what the inner
/// store holds. Reads change nothing, so a crash at one of them equals a crash before the next change.
/// </remarks>
/// <param name="inner">What survives.</param>
/// <param name="crashAt">The change, counted from 0; null for none.</param>
/// <param name="side">Whether it is still done.</param>
internal sealed class CrashingStore(IObjectStore inner, int? crashAt = null, CrashSide side = CrashSide.Before)
    : IObjectStore
{
    private int _changes;
    private volatile bool _isGone;

    public string Location => inner.Location;

    /// <summary>How many changes were begun.</summary>
    public int Changes => _changes;

    public bool HasCrashed => _isGone;

    public Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct) =>
        ChangeAsync(() => inner.PutAsync(name, content, condition, ct));

    public Task<ObjectContent?> GetAsync(ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct) =>
        Alive.GetAsync(name, range, bytesMax, ct);

    public Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct) => Alive.HeadAsync(name, ct);

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var info in Alive.ListAsync(prefix, startAfter, ct))
        {
            _ = Alive;
            yield return info;
        }
    }

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => ChangeAsync(async () =>
    {
        await inner.DeleteAsync(name, ct);
        return true;
    });

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        ChangeAsync(() => inner.RemoveAbandonedAsync(startedBefore, ct));

    private IObjectStore Alive => _isGone ? throw new StoreCrashException() : inner;

    private async Task<T> ChangeAsync<T>(Func<Task<T>> change)
    {
        _ = Alive;
        var isLast = Interlocked.Increment(ref _changes) - 1 == crashAt;
        if (isLast)
        {
            _isGone = true;
        }

        if (!isLast)
        {
            var result = await change();
            _ = Alive; // Whoever was under way at the crash does not hear of its end either.
            return result;
        }

        if (side == CrashSide.After)
        {
            await change();
        }

        throw new StoreCrashException();
    }
}
