using System.Buffers;
using Salvor.Errors;
using Salvor.ObjectStore;

namespace Salvor.Tests.Backup.Streaming;

/// <summary>A store that fails in every way that a real one does, and whose user can be killed at any call.</summary>
internal sealed class ModelStore(MemoryStore inner, Random random, TimeProvider time) : IObjectStore
{
    private int _calls;

    /// <summary>Percent of puts that fail, half of them after they were done.</summary>
    public int FailPercent { get; set; }

    /// <summary>Whether every call fails.</summary>
    public bool IsAway { get; set; }

    /// <summary>The call at which its user dies, odd before it is done and even after; negative for never.
    /// </summary>
    public int KillAtHalfCall { get; set; } = -1;

    /// <summary>Completes when the user has died. From then on no call is carried out, and none ever returns.</summary>
    public TaskCompletionSource Killed { get; } = new();

    public int Calls => _calls;

    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(20);

    public string Location => inner.Location;

    public async Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        await EnterAsync(ct);
        var fails = random.Next(100) < FailPercent;
        if (fails && random.Next(2) == 0)
        {
            throw Failure();
        }

        var result = await inner.PutAsync(name, content, condition, ct);
        await LeaveAsync();
        return fails ? throw Failure() : result;
    }

    public async Task<ObjectContent?> GetAsync(ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct)
    {
        await EnterAsync(ct);
        var content = await inner.GetAsync(name, range, bytesMax, ct);
        await LeaveAsync();
        return content;
    }

    public async Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct)
    {
        await EnterAsync(ct);
        var found = await inner.HeadAsync(name, ct);
        await LeaveAsync();
        return found;
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix,
        string? startAfter,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await EnterAsync(ct);
        await foreach (var found in inner.ListAsync(prefix, startAfter, ct))
        {
            yield return found;
        }
    }

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => inner.DeleteAsync(name, ct);

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        inner.RemoveAbandonedAsync(startedBefore, ct);

    private async Task EnterAsync(CancellationToken ct)
    {
        _calls++;
        await DieAtAsync((2 * _calls) - 1);
        await Task.Delay(Latency * (0.5 + random.NextDouble()), time, ct);
        await DieAtAsync(-1);
        if (IsAway)
        {
            throw Failure();
        }
    }

    private Task LeaveAsync() => DieAtAsync(2 * _calls);

    private Task DieAtAsync(int halfCall)
    {
        if (halfCall == KillAtHalfCall && halfCall >= 0)
        {
            Killed.TrySetResult();
        }

        return Killed.Task.IsCompleted ? new TaskCompletionSource().Task : Task.CompletedTask;
    }

    private static SalvorException Failure() =>
        new(ErrorCode.StoreUnreachable, "The model of a store is away.") { IsTransient = true };
}
