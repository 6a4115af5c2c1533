using System.Buffers;
using System.Runtime.CompilerServices;
using Salvor.Errors;

namespace Salvor.ObjectStore.Decorators;

/// <summary>Tries again what failed for a while only, and clears up what a lost answer leaves open.</summary>
/// <remarks>
/// A conditional put whose answer was lost may have been done. The second try then meets its own content and would say
/// "condition not met" to the one who won. So after a failure that answer is not believed before the object was read
/// and is not ours. That needs content that no other writer writes: a name or a number that never repeats in it.
/// </remarks>
/// <param name="inner">The store. One call there is one attempt.</param>
/// <param name="options">How often, how long.</param>
/// <param name="random">Draws the waits; for nobody else's use.</param>
/// <param name="time">Measures and waits.</param>
public sealed class RetryingStore(IObjectStore inner, RetryOptions options, Random random, TimeProvider time)
    : IObjectStore
{
    private readonly RetryPolicy _policy = new(options, random, time);

    public string Location => inner.Location;

    public async Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        var state = _policy.Begin();
        while (true)
        {
            SalvorException failure;
            try
            {
                var result = await inner.PutAsync(name, content, condition, ct);
                return result.IsStored || state.Attempts == 0 ? result : await FindOwnAsync(name, content, ct);
            }
            catch (SalvorException e) when (e.IsTransient)
            {
                failure = e;
            }

            if (!await _policy.WaitAsync(state, failure, ct))
            {
                throw failure;
            }
        }
    }

    public Task<ObjectContent?> GetAsync(ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct) =>
        RunAsync(() => inner.GetAsync(name, range, bytesMax, ct), ct);

    public Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct) =>
        RunAsync(() => inner.HeadAsync(name, ct), ct);

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        var state = _policy.Begin();
        var last = startAfter;
        while (true)
        {
            await using var list = inner.ListAsync(prefix, last, ct).GetAsyncEnumerator(ct);
            SalvorException? failure = null;
            while (failure is null)
            {
                try
                {
                    if (!await list.MoveNextAsync())
                    {
                        yield break;
                    }
                }
                catch (SalvorException e) when (e.IsTransient)
                {
                    failure = e;
                    continue;
                }

                // What came through is progress: the next failure has all its attempts again.
                state = _policy.Begin();
                last = list.Current.Name.Value;
                yield return list.Current;
            }

            if (!await _policy.WaitAsync(state, failure, ct))
            {
                throw failure;
            }
        }
    }

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => RunAsync(
        async () =>
        {
            await inner.DeleteAsync(name, ct);
            return true;
        },
        ct);

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        RunAsync(() => inner.RemoveAbandonedAsync(startedBefore, ct), ct);

    private async Task<T> RunAsync<T>(Func<Task<T>> attempt, CancellationToken ct)
    {
        var state = _policy.Begin();
        while (true)
        {
            SalvorException failure;
            try
            {
                return await attempt();
            }
            catch (SalvorException e) when (e.IsTransient)
            {
                failure = e;
            }

            if (!await _policy.WaitAsync(state, failure, ct))
            {
                throw failure;
            }
        }
    }

    /// <summary>Stored, if what is there is what we meant to store; not met, if it is anything else.</summary>
    private async Task<PutResult> FindOwnAsync(ObjectName name, ReadOnlySequence<byte> wanted, CancellationToken ct)
    {
        if (await HeadAsync(name, ct) is not { } info || info.LengthBytes != wanted.Length)
        {
            return PutResult.ConditionNotMet;
        }

        try
        {
            using var present = await GetAsync(name, range: null, checked((int)wanted.Length), ct);
            return present is not null && AreEqual(present.Bytes, wanted)
                ? PutResult.Stored(present.Tag)
                : PutResult.ConditionNotMet;
        }
        catch (SalvorException e) when (e.Code == ErrorCode.Corrupt)
        {
            return PutResult.ConditionNotMet; // Something longer has been put there in between.
        }
    }

    private static bool AreEqual(ReadOnlyMemory<byte> present, ReadOnlySequence<byte> wanted)
    {
        if (present.Length != wanted.Length)
        {
            return false;
        }

        var offset = 0;
        foreach (var part in wanted)
        {
            if (!present.Span.Slice(offset, part.Length).SequenceEqual(part.Span))
            {
                return false;
            }

            offset += part.Length;
        }

        return true;
    }
}
