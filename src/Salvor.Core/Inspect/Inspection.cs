using Salvor.Formats.Etcd;
using Salvor.Verify;

namespace Salvor.Inspect;

/// <summary>What an etcd database holds, and what takes its space.</summary>
public sealed record Inspection
{
    public required string Path { get; init; }

    public required DatabaseFacts Facts { get; init; }

    /// <summary>Errors that reading met; when there are any, the numbers cover what can be read.</summary>
    public required int Errors { get; init; }

    public required IReadOnlyList<GroupSize> Resources { get; init; }

    public required IReadOnlyList<GroupSize> Namespaces { get; init; }

    public required IReadOnlyList<KeySize> BiggestKeys { get; init; }

    public required IReadOnlyList<KeySize> DeepestKeys { get; init; }

    /// <summary>The log beside the database; null for a file alone.</summary>
    public LogSummary? Log { get; init; }

    /// <summary>Bytes of keyspace entries, history included.</summary>
    public required long KeyspaceBytes { get; init; }

    /// <summary>
    /// The share of the image that holds no entries, 0 to 1: what a defragmentation would give back at the most.
    /// </summary>
    public double Fragmentation => Facts.ImageBytes == 0
        ? 0
        : Math.Max(0, 1 - ((double)KeyspaceBytes / Facts.ImageBytes));

    internal static Inspection Of(string path, DatabaseFacts facts, KeyIndex keys, int errors, int top)
    {
        var resources = new GroupTotals();
        var namespaces = new GroupTotals();
        var keyspaceBytes = 0L;
        foreach (var (key, state) in keys.All)
        {
            var name = ResourceName.Of(key);
            resources.Add(name.Resource, state);
            namespaces.Add(name.Namespace ?? "(none)", state);
            keyspaceBytes += state.StoredBytes;
        }

        return new Inspection
        {
            Path = path,
            Facts = facts,
            Errors = errors,
            Resources = resources.Largest(top),
            Namespaces = namespaces.Largest(top),
            BiggestKeys = Top(keys, top, static s => s.StoredBytes),
            DeepestKeys = Top(keys, top, static s => s.Entries),
            KeyspaceBytes = keyspaceBytes,
        };
    }

    private static IReadOnlyList<KeySize> Top(KeyIndex keys, int count, Func<KeyState, long> measure)
    {
        // A bounded heap: the index may hold millions of keys.
        var heap = new PriorityQueue<(byte[] Key, KeyState State), long>();
        foreach (var (key, state) in keys.All)
        {
            heap.Enqueue((key, state), measure(state));
            if (heap.Count > count)
            {
                heap.Dequeue();
            }
        }

        return [.. heap.UnorderedItems.OrderByDescending(i => i.Priority)
            .ThenBy(i => KeyText.Show(i.Element.Key), StringComparer.Ordinal)
            .Select(i => new KeySize(KeyText.Show(i.Element.Key), i.Element.State.Entries, i.Element.State.ValueBytes,
                i.Element.State.StoredBytes))];
    }
}
