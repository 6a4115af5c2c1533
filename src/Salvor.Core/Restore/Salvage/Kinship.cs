using System.Buffers;
using System.Buffers.Binary;
using Salvor.Errors;
using Salvor.Formats.Checksums;
using Salvor.Formats.Etcd;
using Salvor.Formats.Protobuf;
using Salvor.Formats.RaftWal;

namespace Salvor.Restore.Salvage;

/// <summary>Refuses a snapshot that is not proven to be of the history that the log continues.</summary>
/// <remarks>
/// A raft index means nothing in another cluster, and a cluster that was once restored under its old token has the same
/// ids as before and counts from 1 again: a log replayed on the wrong snapshot would give a keyspace that never was. So
/// the snapshot must know the log's member and lie within the log. The proof is its newest put: the log must hold the
/// request that made it, at or before the snapshot's index, or the damaged database must hold it, and all deletions
/// after it, at the same revisions. Where that database can be read, it must not tell another story either.
/// </remarks>
/// <param name="snapshot">The snapshot's path, for messages.</param>
/// <param name="scans">The log.</param>
/// <param name="ct">Ends the work between two records.</param>
internal sealed class Kinship(string snapshot, LogScans scans, CancellationToken ct)
{
    /// <summary>How far back from the snapshot's index the request is looked for.</summary>
    private const ulong EntriesMax = 20_000;

    /// <exception cref="SalvorException">The snapshot is of another history, or may be.</exception>
    public void Require(DatabaseSurvey taken, WalLog log, DatabaseSurvey? damaged)
    {
        var index = taken.Meta.ConsistentIndex;
        if (log.Metadata is { } metadata && taken.Members.All(m => m.Id.Value != metadata.MemberId))
        {
            throw Stranger($"it does not know member {metadata.MemberId:x}, whose log this is");
        }

        if (log.LastIndex < index)
        {
            throw Stranger($"it was taken at raft index {index}, and the log ends at {log.LastIndex}");
        }

        var (fork, isEndShared) = damaged is null ? default : Compare(taken, damaged);
        if (fork is { } revision)
        {
            throw Stranger($"from revision {revision} on it holds other changes than the damaged database");
        }

        // The log may hold no request to look for: nothing may have been written since the restore that it begins with.
        if (isEndShared)
        {
            return;
        }

        if (FindNewestPut(taken) is not { } newest || !IsInLog(newest, log, index))
        {
            throw Stranger(
                $"no request up to entry {index} of the log made its newest put, so it may be of another history");
        }
    }

    /// <summary>Looks for the request that made a put; its fields stand in a transaction as they do alone.</summary>
    private bool IsInLog(ReadOnlySpan<byte> put, WalLog log, ulong index)
    {
        var first = Math.Max(log.FirstIndexSeen ?? ulong.MaxValue, index > EntriesMax ? index - EntriesMax : 1);
        if (first > index)
        {
            return false;
        }

        var around = scans.From(first);
        if (around.Entries.Count == 0 || around.Entries.LastIndex < index)
        {
            return false;
        }

        var reader = new WalEntryReader(around);
        for (var i = index; i >= first; i--)
        {
            ct.ThrowIfCancellationRequested();
            if (reader.Read(i).Data.IndexOf(put) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The newest put's key and value as a request holds them: field 1, and field 2 unless it is empty.
    /// </summary>
    private static byte[]? FindNewestPut(DatabaseSurvey taken)
    {
        var newestEntry = new ArrayBufferWriter<byte>(); // One buffer for all: only the last one stays.
        taken.Visit(BucketNames.Key, (key, value) =>
        {
            if (RevisionKey.TryRead(key, out var entry) && !entry.IsTombstone)
            {
                newestEntry.ResetWrittenCount();
                newestEntry.Write(value);
            }
        });
        if (!KeyValue.TryRead(newestEntry.WrittenSpan, out var newest) || newest.Key.IsEmpty)
        {
            return null;
        }

        var request = new ArrayBufferWriter<byte>();
        var writer = new ProtoWriter(request);
        writer.Bytes(1, newest.Key);
        writer.BytesUnlessEmpty(2, newest.Value);
        return request.WrittenSpan.ToArray();
    }

    /// <summary>
    /// The revision from which on the two tell different stories, null where they tell the same; and whether both hold
    /// the end of the snapshot's story.
    /// </summary>
    /// <remarks>
    /// Damage changes an entry here and there, mostly inside a value; another history has other changes from its fork
    /// on. So only another key, version or size counts as a difference, and only when most entries after the first one
    /// differ. That no difference is seen proves nothing, though: of two histories that begin with the same data, the
    /// damage may have left only that. Proof is the end: the newest put with all its bytes, and every deletion after
    /// it, which alone could be the same in both by chance.
    /// </remarks>
    private static (Revision? Fork, bool IsEndShared) Compare(DatabaseSurvey taken, DatabaseSurvey damaged)
    {
        var sums = new Dictionary<Revision, (uint Outline, uint All)>();
        damaged.Visit(BucketNames.Key, (key, value) =>
        {
            if (RevisionKey.TryRead(key, out var entry) && KeyValue.TryRead(value, out var content))
            {
                sums[entry.Revision] = Sum(entry, content);
            }
        });
        Revision? fork = null;
        var (equal, different) = (0L, 0L);
        var isEndShared = false;
        taken.Visit(BucketNames.Key, (key, value) =>
        {
            if (!RevisionKey.TryRead(key, out var entry) || !KeyValue.TryRead(value, out var content))
            {
                return;
            }

            var sum = Sum(entry, content);
            var isHeld = sums.TryGetValue(entry.Revision, out var held);
            isEndShared = isHeld && sum == held && (isEndShared || !entry.IsTombstone);
            if (isHeld)
            {
                var isEqual = sum.Outline == held.Outline;
                fork ??= isEqual ? null : entry.Revision;
                equal += isEqual && fork is not null ? 1 : 0;
                different += isEqual ? 0 : 1;
            }
        });
        return (different > equal ? fork : null, isEndShared);
    }

    /// <summary>Sums of everything but the value's bytes and the kind of entry, and of those too.</summary>
    private static (uint Outline, uint All) Sum(RevisionKey entry, KeyValue content)
    {
        var outline = Outline(content);
        return (outline, Crc32C.Append(Crc32C.Append(outline, content.Value), [entry.IsTombstone ? (byte)1 : (byte)0]));
    }

    /// <summary>A sum of everything but the value's bytes.</summary>
    private static uint Outline(KeyValue content)
    {
        Span<byte> numbers = stackalloc byte[5 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, content.CreateRevision);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[8..], content.ModRevision);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[16..], content.Version);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[24..], content.Lease);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[32..], content.Value.Length);
        return Crc32C.Append(Crc32C.Append(0, numbers), content.Key);
    }

    private SalvorException Stranger(string why) =>
        new(ErrorCode.WrongKind, $"{snapshot} is not a snapshot of this log's history: {why}.")
        {
            Hint = "Name a snapshot of this very cluster, taken since it was last restored; or leave --snapshot out.",
        };
}
