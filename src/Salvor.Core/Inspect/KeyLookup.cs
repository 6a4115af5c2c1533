using Salvor.Errors;
using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd;

namespace Salvor.Inspect;

/// <summary>Answers which keys existed at a revision, as etcd would have.</summary>
/// <remarks>Reads the keyspace from its start to the revision; memory is in the number of keys asked for.</remarks>
internal sealed class KeyLookup(Func<byte[], bool> isWanted, long revision, bool keepsValues)
{
    private readonly SortedDictionary<byte[], KeyEntry> _live = new(ByteOrder.Instance);

    public IReadOnlyCollection<KeyEntry> Live => _live.Values;

    /// <summary>The revision to look at, of a keyspace with these bounds.</summary>
    /// <exception cref="SalvorException">It is compacted, or in the future.</exception>
    public static long Choose(long? wanted, long head, long compacted) => wanted switch
    {
        null => head,
        { } r when r < compacted || r < 1 => throw new SalvorException(ErrorCode.NotFound,
            $"Revision {r} is compacted: history begins at {Math.Max(1, compacted)}.")
        {
            Hint = "Name a later revision, or inspect an older snapshot.",
        },
        { } r when r > head =>
            throw new SalvorException(ErrorCode.NotFound, $"Revision {r} is in the future: the newest is {head}."),
        { } r => r,
    };

    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!RevisionKey.TryRead(key, out var entry) || entry.Revision.Main > revision
            || !KeyValue.TryRead(value, out var content))
        {
            return;
        }

        var userKey = content.Key.ToArray();
        if (!isWanted(userKey))
        {
            return;
        }

        if (entry.IsTombstone)
        {
            _live.Remove(userKey);
            return;
        }

        _live[userKey] = new KeyEntry(userKey, entry.Revision, content.CreateRevision, content.Version, content.Lease,
            content.Value.Length, keepsValues ? content.Value.ToArray() : null);
    }
}
