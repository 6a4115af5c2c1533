using System.Buffers.Binary;
using Salvor.Errors;
using Salvor.Formats.Checksums;
using Salvor.Formats.Etcd;
using Salvor.Formats.RaftWal;

namespace Salvor.Restore.Salvage;

/// <summary>Refuses a snapshot that is not of the history that the log continues.</summary>
/// <remarks>
/// A raft index means nothing in another cluster, and a cluster that was once restored under its old token has the same
/// ids as before and counts from 1 again: a log replayed on the wrong snapshot would give a keyspace that never was. So the
/// snapshot must know the log's member, lie within the log, agree with the term of the entry it was taken at, and tell the
/// same story as what can still be read of the damaged database.
/// </remarks>
internal static class Kinship
{
    public static void Check(string snapshot, DatabaseSurvey taken, WalLog log, DatabaseSurvey? damaged)
    {
        var index = taken.Meta.ConsistentIndex;
        if (log.Metadata is { } metadata && taken.Members.All(m => m.Id.Value != metadata.MemberId))
        {
            throw Stranger(snapshot, $"it does not know member {metadata.MemberId:x}, whose log this is");
        }

        if (log.LastIndexSeen is not { } last || last < index)
        {
            throw Stranger(snapshot, $"it was taken at raft index {index}, and the log ends at {log.LastIndexSeen ?? 0}");
        }

        var termThere = log.Snapshots.FirstOrDefault(s => s.Index == index)?.Term;
        if (termThere is { } term && taken.Meta.Term is { } takenTerm && term != takenTerm)
        {
            throw Stranger(snapshot, $"at raft index {index} it has term {takenTerm}, and the log {term}");
        }

        if (damaged is not null && FindFork(taken, damaged) is { } revision)
        {
            throw Stranger(snapshot, $"from revision {revision} on it holds other changes than the damaged database");
        }
    }

    /// <summary>The revision from which on the two tell different stories; null where they tell the same.</summary>
    /// <remarks>
    /// Damage changes an entry here and there, mostly inside a value; another history has other changes from its fork on.
    /// So only another key, version or size counts as a difference, and only when most entries after the first one differ.
    /// </remarks>
    private static Revision? FindFork(DatabaseSurvey taken, DatabaseSurvey damaged)
    {
        var outlines = new Dictionary<Revision, uint>();
        damaged.Visit(BucketNames.Key, (key, value) =>
        {
            if (RevisionKey.TryRead(key, out var entry) && KeyValue.TryRead(value, out var content))
            {
                outlines[entry.Revision] = Outline(content);
            }
        });
        Revision? fork = null;
        var (equal, different) = (0L, 0L);
        taken.Visit(BucketNames.Key, (key, value) =>
        {
            if (!RevisionKey.TryRead(key, out var entry) || !KeyValue.TryRead(value, out var content)
                || !outlines.TryGetValue(entry.Revision, out var outline))
            {
                return;
            }

            var isEqual = outline == Outline(content);
            fork ??= isEqual ? null : entry.Revision;
            equal += isEqual && fork is not null ? 1 : 0;
            different += isEqual ? 0 : 1;
        });
        return different > equal ? fork : null;
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

    private static SalvorException Stranger(string snapshot, string why) =>
        new(ErrorCode.WrongKind, $"{snapshot} is not a snapshot of this log's history: {why}.")
        {
            Hint = "Name a snapshot of this very cluster, taken since it was last restored; or leave --snapshot out.",
        };
}
