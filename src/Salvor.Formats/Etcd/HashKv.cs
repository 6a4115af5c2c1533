using Salvor.Formats.Checksums;

namespace Salvor.Formats.Etcd;

/// <summary>etcd's hash of a keyspace at its head, as the HashKV call answers it.</summary>
/// <remarks>
/// CRC-32C over "key" and then each entry's key and value, in order. Entries at or below the compaction revision count
/// only
/// when they are the newest of a live key, since members may not have removed the others yet; a tombstone at exactly
/// that
/// revision never counts, since older versions removed it and newer ones keep it. Hashes compare only between equal
/// pairs of
/// revision and compaction revision.
/// </remarks>
/// <param name="keys">The finished index of the same keyspace.</param>
/// <param name="compactRevision">The main revision at and below which history is gone.</param>
public sealed class HashKv(KeyIndex keys, long compactRevision)
{
    private readonly bool _hasLiveKey = keys.All.Any(k => k.Value.IsLive);

    public uint Value { get; private set; } = Crc32C.Append(0, BucketNames.Key);

    /// <summary>Takes in the next entry.</summary>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (RevisionKey.TryRead(key, out var entry) && Counts(entry, value))
        {
            Value = Crc32C.Append(Crc32C.Append(Value, key), value);
        }
    }

    private bool Counts(RevisionKey entry, ReadOnlySpan<byte> value)
    {
        if (entry.Revision.Main > compactRevision)
        {
            return true;
        }

        if (entry.Revision.Main == compactRevision && entry.IsTombstone)
        {
            return false;
        }

        return !_hasLiveKey
            || (KeyValue.TryRead(value, out var content) && keys.TryGet(content.Key, out var state)
                && state.IsLive && state.Last == entry.Revision);
    }
}
