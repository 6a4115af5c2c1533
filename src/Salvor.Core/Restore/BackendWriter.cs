using System.Buffers.Binary;
using System.Globalization;
using Salvor.Formats;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd;

namespace Salvor.Restore;

/// <summary>Writes a member's backend: the content, with the edits that make it a new single member's.</summary>
/// <remarks>
/// Rewritten: members and members_removed (3.6 and later take the membership from here), cluster and alarm (a version
/// or a NOSPACE alarm of the old cluster would stop the new one), and in meta the applied index with its term and
/// voters (which must agree with the log) and the storage version (which keeps older servers from starting). Auth,
/// leases and unknown buckets are kept.
/// </remarks>
internal sealed class BackendWriter(IBackendContent content, BackendEdits edits, IPageSink sink, int leafPages)
{
    private readonly BulkWriter _writer = new(sink, content.PageSizeBytes, leafPages);

    /// <summary>Entries written to the <c>key</c> bucket.</summary>
    public long EntryCount { get; private set; }

    /// <summary>Main revision of the last entry; 0 for an empty keyspace.</summary>
    public long LastRevision { get; private set; }

    /// <summary>What the meta bucket says after the edits.</summary>
    public BackendMeta Meta { get; private set; } = new();

    /// <summary>Bytes of the file.</summary>
    public long SizeBytes => _writer.SizeBytes;

    public void Write()
    {
        var names = new SortedSet<byte[]>(content.BucketNames, ByteOrder.Instance)
        {
            BucketNames.Alarm.ToArray(),
            BucketNames.Cluster.ToArray(),
            BucketNames.Key.ToArray(),
            BucketNames.Lease.ToArray(),
            BucketNames.Members.ToArray(),
            BucketNames.MembersRemoved.ToArray(),
            BucketNames.Meta.ToArray(),
        };
        foreach (var name in names)
        {
            _writer.BeginBucket(name);
            WriteBucket(name);
            _writer.EndBucket();
        }

        _ = _writer.Finish();
    }

    private void WriteBucket(byte[] name)
    {
        if (Is(name, BucketNames.Alarm) || Is(name, BucketNames.Cluster) || Is(name, BucketNames.MembersRemoved))
        {
            return;
        }

        if (Is(name, BucketNames.Members))
        {
            var id = edits.Member.Id.Value.ToString("x", CultureInfo.InvariantCulture);
            _writer.Add(System.Text.Encoding.ASCII.GetBytes(id), edits.Member.ToJson());
        }
        else if (Is(name, BucketNames.Meta))
        {
            WriteMeta();
        }
        else if (Is(name, BucketNames.Key))
        {
            content.Visit(name, WriteKeyEntry);
        }
        else
        {
            content.Visit(name, _writer.Add);
        }
    }

    private void WriteKeyEntry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!RevisionKey.TryRead(key, out var entry))
        {
            throw new CorruptDataException("the key bucket", 0, $"{Convert.ToHexStringLower(key)} is no revision");
        }

        _writer.Add(key, value);
        EntryCount++;
        LastRevision = entry.Revision.Main;
    }

    private void WriteMeta()
    {
        var entries = new SortedDictionary<byte[], byte[]>(ByteOrder.Instance);
        content.Visit(BucketNames.Meta, (key, value) => entries[key.ToArray()] = value.ToArray());
        entries.Remove(MetaKeys.StorageVersion.ToArray());
        entries[MetaKeys.ConsistentIndex.ToArray()] = BigEndian(edits.RaftIndex);
        entries[MetaKeys.Term.ToArray()] = BigEndian(edits.RaftTerm);
        var voters = string.Create(
            CultureInfo.InvariantCulture, $$"""{"voters":[{{edits.Member.Id.Value}}],"auto_leave":false}""");
        entries[MetaKeys.ConfState.ToArray()] = System.Text.Encoding.ASCII.GetBytes(voters);
        if (edits.CompactRevision is { } compacted)
        {
            var revision = new byte[RevisionKey.PutBytes];
            new RevisionKey(new Revision(compacted, 0), IsTombstone: false).Write(revision);
            entries[MetaKeys.FinishedCompactRevision.ToArray()] = revision;
            entries[MetaKeys.ScheduledCompactRevision.ToArray()] = revision;
        }

        foreach (var (key, value) in entries)
        {
            if (!Meta.TryAdd(key, value, out var meta))
            {
                throw new CorruptDataException("the meta bucket", 0,
                    $"{KeyText.Show(key)} holds {Convert.ToHexStringLower(value)}");
            }

            Meta = meta;
            _writer.Add(key, value);
        }
    }

    private static bool Is(byte[] name, ReadOnlySpan<byte> other) => other.SequenceEqual(name);

    private static byte[] BigEndian(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }
}
