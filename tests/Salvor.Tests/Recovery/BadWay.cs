using System.Buffers;
using Salvor.Errors;
using Salvor.ObjectStore;

namespace Salvor.Tests.Recovery;

/// <summary>The way to a store, which fails as a test wants it.</summary>
internal sealed class BadWay(IObjectStore store) : IObjectStore
{
    private Func<Task>? _late;

    /// <summary>The next puts are done, and their answers get lost.</summary>
    public bool LosesPutAnswers { get; set; }

    /// <summary>The next put is done only at <see cref="ArriveAsync"/>, and fails meanwhile.</summary>
    public bool DelaysPut { get; set; }

    public bool LosesReads { get; set; }

    /// <summary>Nothing comes through.</summary>
    public bool IsCut { get; set; }

    /// <summary>Lists show nothing yet.</summary>
    public bool HasNoLists { get; set; }

    /// <summary>Runs before a put is done: what another one does just then.</summary>
    public Func<Task>? BeforePut { get; set; }

    public string Location => store.Location;

    public async Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        Require(!IsCut);
        if (BeforePut is { } before)
        {
            BeforePut = null;
            await before();
        }

        if (DelaysPut)
        {
            var copy = new ReadOnlySequence<byte>(content.ToArray());
            _late = () => store.PutAsync(name, copy, condition, CancellationToken.None);
            DelaysPut = false;
            Require(false);
        }

        var result = await store.PutAsync(name, content, condition, ct);
        Require(!LosesPutAnswers);
        return result;
    }

    /// <summary>What was delayed is done.</summary>
    public Task ArriveAsync() => _late!();

    public Task<ObjectContent?> GetAsync(ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct)
    {
        Require(!IsCut && !LosesReads);
        return store.GetAsync(name, range, bytesMax, ct);
    }

    public Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct)
    {
        Require(!IsCut && !LosesReads);
        return store.HeadAsync(name, ct);
    }

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string? startAfter, CancellationToken ct)
    {
        Require(!IsCut);
        return HasNoLists ? AsyncEnumerable.Empty<ObjectInfo>() : store.ListAsync(prefix, startAfter, ct);
    }

    public Task DeleteAsync(ObjectName name, CancellationToken ct) => throw new NotSupportedException();

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) =>
        throw new NotSupportedException();

    private static void Require(bool comesThrough)
    {
        if (!comesThrough)
        {
            throw new SalvorException(ErrorCode.StoreUnreachable, "No answer: the test wants it so.")
            {
                IsTransient = true,
            };
        }
    }
}
