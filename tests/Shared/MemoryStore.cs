using System.Buffers;
using System.Runtime.CompilerServices;
using Salvor.ObjectStore;

namespace Salvor.Tests.Shared;

/// <summary>A store in memory that keeps every promise of the contract and loses nothing.</summary>
internal sealed class MemoryStore(TimeProvider time) : IObjectStore
{
    private readonly SortedDictionary<string, Stored> _items = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public MemoryStore()
        : this(TimeProvider.System)
    {
    }

    public string Location => "memory";

    /// <summary>The names of all that is stored, in order.</summary>
    public IReadOnlyList<string> Names => Locked(() => _items.Keys.ToList());

    /// <summary>The sum of all objects' lengths.</summary>
    public long TotalBytes => Locked(() => _items.Values.Sum(i => (long)i.Bytes.Length));

    /// <summary>The content itself, for tests that damage or compare it; null when there is none.</summary>
    public byte[]? this[string name]
    {
        get => Locked(() => _items.GetValueOrDefault(name)?.Bytes);
        set => Locked(() => value is null ? _items.Remove(name) : Keep(name, value));
    }

    /// <summary>Another store with the same objects, which from here on goes its own way.</summary>
    public MemoryStore Copy()
    {
        var copy = new MemoryStore(time);
        lock (_gate)
        {
            foreach (var (name, item) in _items)
            {
                copy._items[name] = item; // Items never change: they are replaced.
            }
        }

        return copy;
    }

    public Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var bytes = content.ToArray();
        return Task.FromResult(Locked(() =>
        {
            var present = _items.GetValueOrDefault(name.Value);
            var isAllowed = condition.Kind switch
            {
                PutConditionKind.None => true,
                PutConditionKind.IfAbsent => present is null,
                _ => present is not null && ContentTag.Of(present.Bytes) == condition.Tag,
            };
            if (!isAllowed)
            {
                return PutResult.ConditionNotMet;
            }

            Keep(name.Value, bytes);
            return PutResult.Stored(ContentTag.Of(bytes));
        }));
    }

    public Task<ObjectContent?> GetAsync(ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (Locked(() => _items.GetValueOrDefault(name.Value)) is not { Bytes: var bytes })
        {
            return Task.FromResult<ObjectContent?>(null);
        }

        var wanted = StoreLimits.BytesToRead(Location, name, bytes.Length, range, bytesMax);
        var offset = (int)Math.Min(range?.Offset ?? 0, bytes.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(wanted);
        bytes.AsSpan(offset, wanted).CopyTo(buffer);
        var tag = wanted == bytes.Length ? ContentTag.Of(bytes) : null;
        return Task.FromResult<ObjectContent?>(new ObjectContent(buffer, wanted, bytes.Length, tag));
    }

    public Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(Locked(() => _items.GetValueOrDefault(name.Value)?.ToInfo(name.Value)));
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Yield();
        var found = Locked(() => _items
            .Where(i => i.Key.StartsWith(prefix, StringComparison.Ordinal)
                && string.CompareOrdinal(i.Key, startAfter ?? "") > 0)
            .Select(i => i.Value.ToInfo(i.Key)).ToList());
        foreach (var info in found)
        {
            ct.ThrowIfCancellationRequested();
            yield return info;
        }
    }

    public Task DeleteAsync(ObjectName name, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Locked(() => _items.Remove(name.Value));
        return Task.CompletedTask;
    }

    public Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct) => Task.FromResult(0);

    private bool Keep(string name, byte[] bytes)
    {
        if (_items.Keys.Any(k => IsBelow(k, name) || IsBelow(name, k)))
        {
            throw new InvalidOperationException($"{name} is the directory of another object, or the other way round.");
        }

        _items[name] = new Stored(bytes, time.GetUtcNow());
        return true;
    }

    private static bool IsBelow(string name, string directory) =>
        name.Length > directory.Length && name[directory.Length] == '/'
        && name.StartsWith(directory, StringComparison.Ordinal);

    private T Locked<T>(Func<T> work)
    {
        lock (_gate)
        {
            return work();
        }
    }

    private sealed record Stored(byte[] Bytes, DateTimeOffset Modified)
    {
        public ObjectInfo ToInfo(string name) =>
            new(new ObjectName(name), Bytes.Length, Modified, ContentTag.Of(Bytes));
    }
}
