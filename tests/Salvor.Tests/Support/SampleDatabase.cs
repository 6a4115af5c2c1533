using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd;

namespace Salvor.Tests.Support;

/// <summary>A small etcd database made by hand, bucket by bucket, so that a test can put anything into it.</summary>
internal sealed class SampleDatabase
{
    private readonly SortedDictionary<byte[], SortedDictionary<byte[], byte[]>> _buckets = new(ByteOrder.Instance);

    public int PageSizeBytes { get; init; } = 4096;

    public int LeafPages { get; init; } = 1;

    /// <summary>A database that etcd could have written: keys, history, a deletion, a lease, a member.</summary>
    public static SampleDatabase Good(int keys = 40)
    {
        var database = new SampleDatabase();
        for (var i = 0; i < keys; i++)
        {
            database.Put(i + 2, "/registry/pods/" + i.ToString("d4", CultureInfo.InvariantCulture),
                new string('v', 300));
        }

        database.Put(keys + 2, "/registry/pods/0000", "again", created: 2, version: 2);
        database.Delete(keys + 3, "/registry/pods/0001");
        database.Put(keys + 4, "/leased", "value", lease: 0x77);
        database.AddLease(0x77, ttlSeconds: 3600);
        database.Add("meta", "consistent_index", BigEndian(99));
        database.Add("meta", "term", BigEndian(3));
        var member = new MemberRecord(new MemberId(0xabc), ["http://10.0.0.1:2380"]) { Name = "old" };
        database.Add("members", "abc", member.ToJson());
        return database;
    }

    public void Put(
        long main, string key, string value, long? created = null, long version = 1, long lease = 0, long sub = 0,
            long? mod = null)
    {
        var content = new KeyValue
        {
            Key = Encoding.UTF8.GetBytes(key),
            Value = Encoding.UTF8.GetBytes(value),
            CreateRevision = created ?? main,
            ModRevision = mod ?? main,
            Version = version,
            Lease = lease,
        };
        var bytes = new ArrayBufferWriter<byte>();
        content.Write(bytes);
        Add(BucketNames.Key.ToArray(), EntryKey(main, sub, isTombstone: false), bytes.WrittenSpan.ToArray());
    }

    public void Delete(long main, string key, long sub = 0)
    {
        var bytes = new ArrayBufferWriter<byte>();
        new KeyValue { Key = Encoding.UTF8.GetBytes(key) }.Write(bytes);
        Add(BucketNames.Key.ToArray(), EntryKey(main, sub, isTombstone: true), bytes.WrittenSpan.ToArray());
    }

    public void AddLease(long id, long ttlSeconds)
    {
        var lease = new LeaseRecord(id, ttlSeconds, RemainingTtlSeconds: 0);
        var key = new byte[LeaseRecord.KeyBytes];
        lease.WriteKey(key);
        var value = new ArrayBufferWriter<byte>();
        lease.WriteValue(value);
        Add(BucketNames.Lease.ToArray(), key, value.WrittenSpan.ToArray());
    }

    public void SetCompacted(long scheduled, long finished)
    {
        Add("meta", "scheduledCompactRev", EntryKey(scheduled, 0, isTombstone: false));
        Add("meta", "finishedCompactRev", EntryKey(finished, 0, isTombstone: false));
    }

    public void Add(string bucket, string key, byte[] value) =>
        Add(Encoding.ASCII.GetBytes(bucket), Encoding.UTF8.GetBytes(key), value);

    public void Add(byte[] bucket, byte[] key, byte[] value)
    {
        if (!_buckets.TryGetValue(bucket, out var entries))
        {
            _buckets.Add(bucket, entries = new SortedDictionary<byte[], byte[]>(ByteOrder.Instance));
        }

        entries[key] = value;
    }

    public void Remove(string bucket, string key)
    {
        if (_buckets.TryGetValue(Encoding.ASCII.GetBytes(bucket), out var entries))
        {
            entries.Remove(Encoding.UTF8.GetBytes(key));
        }
    }

    /// <summary>The bbolt image alone, as a stopped etcd's db.</summary>
    public byte[] ToImage()
    {
        var pages = new MemoryPages();
        var writer = new BulkWriter(pages, PageSizeBytes, LeafPages);
        foreach (var (name, entries) in _buckets)
        {
            writer.BeginBucket(name);
            foreach (var (key, value) in entries)
            {
                writer.Add(key, value);
            }

            writer.EndBucket();
        }

        _ = writer.Finish();
        return pages.ToArray();
    }

    /// <summary>The image and its hash, as a saved snapshot.</summary>
    public byte[] ToSnapshot() => Seal(ToImage());

    public static byte[] Seal(byte[] image) => [.. image, .. SHA256.HashData(image)];

    public static byte[] EntryKey(long main, long sub, bool isTombstone)
    {
        var entry = new RevisionKey(new Revision(main, sub), isTombstone);
        var key = new byte[entry.SizeBytes];
        entry.Write(key);
        return key;
    }

    public static byte[] BigEndian(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }
}
