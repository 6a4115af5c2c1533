using System.Buffers.Binary;
using System.Text;

namespace Salvor.Formats.Etcd;

/// <summary>What the <c>meta</c> bucket says.</summary>
public sealed record BackendMeta
{
    /// <summary>The last raft index applied; 0 when none is stored.</summary>
    public ulong ConsistentIndex { get; init; }

    /// <summary>Its term; null before 3.5.</summary>
    public ulong? Term { get; init; }

    public string? ConfState { get; init; }

    public string? StorageVersion { get; init; }

    /// <summary>Main revision of the last compaction begun; 0 for none.</summary>
    public long ScheduledCompactRevision { get; init; }

    /// <summary>Main revision of the last compaction ended; 0 for none.</summary>
    public long FinishedCompactRevision { get; init; }

    /// <summary>
    /// The revision below which history is gone: etcd serves none of it from the moment that a compaction begins. 0 for
    /// none.
    /// </summary>
    public long CompactRevision => Math.Max(FinishedCompactRevision, ScheduledCompactRevision);

    /// <summary>A compaction was under way; etcd goes on with it when it starts.</summary>
    public bool IsCompacting => ScheduledCompactRevision > FinishedCompactRevision;

    /// <summary>Takes in one entry of the bucket.</summary>
    /// <param name="key">Its key; unknown ones are passed over.</param>
    /// <param name="value">Its value.</param>
    /// <param name="meta">This record with the entry added.</param>
    /// <returns>False when the value of a known key is malformed.</returns>
    public bool TryAdd(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out BackendMeta meta)
    {
        meta = this;
        if (key.SequenceEqual(MetaKeys.ConsistentIndex) || key.SequenceEqual(MetaKeys.Term))
        {
            if (value.Length != sizeof(ulong))
            {
                return false;
            }

            var number = BinaryPrimitives.ReadUInt64BigEndian(value);
            if (number > long.MaxValue)
            {
                return false; // At a million entries a second raft would need 292,000 years for that index.
            }

            meta = key.SequenceEqual(MetaKeys.Term)
                ? this with { Term = number }
                : this with { ConsistentIndex = number };
        }
        else if (key.SequenceEqual(MetaKeys.ScheduledCompactRevision)
            || key.SequenceEqual(MetaKeys.FinishedCompactRevision))
        {
            if (!RevisionKey.TryRead(value, out var revision) || revision.IsTombstone)
            {
                return false;
            }

            meta = key.SequenceEqual(MetaKeys.ScheduledCompactRevision)
                ? this with { ScheduledCompactRevision = revision.Revision.Main }
                : this with { FinishedCompactRevision = revision.Revision.Main };
        }
        else if (key.SequenceEqual(MetaKeys.ConfState))
        {
            meta = this with { ConfState = Encoding.UTF8.GetString(value) };
        }
        else if (key.SequenceEqual(MetaKeys.StorageVersion))
        {
            meta = this with { StorageVersion = Encoding.UTF8.GetString(value) };
        }

        return true;
    }
}
