using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Formats.Checksums;
using Salvor.Formats.Etcd;

namespace Salvor.Tests.Support;

/// <summary>Writes small databases of etcd's, with whatever buckets and entries a test wants.</summary>
internal sealed class EtcdDatabase
{
    private static readonly byte[] MetaMagic = [0xED, 0xDA, 0x0C, 0xED];

    private readonly SortedDictionary<byte[], SortedDictionary<byte[], byte[]>> _buckets = new(ByteOrder.Instance);

    public EtcdDatabase()
    {
        foreach (
            var name in (string[])["alarm", "auth", "cluster", "key", "lease", "members", "members_removed", "meta"])
        {
            _buckets[Text(name)] = new(ByteOrder.Instance);
        }

        // etcd never leaves a keyspace without its applied index.
        Index(index: 1, term: 1);
    }

    public int PageSizeBytes { get; init; } = 1024;

    public int LeafPages { get; init; } = 1;

    public EtcdDatabase Set(string bucket, byte[] key, byte[] value)
    {
        if (!_buckets.TryGetValue(Text(bucket), out var entries))
        {
            _buckets[Text(bucket)] = entries = new(ByteOrder.Instance);
        }

        entries[key] = value;
        return this;
    }

    public EtcdDatabase Set(string bucket, string key, byte[] value) => Set(bucket, Text(key), value);

    public EtcdDatabase Put(long main, long sub, string key, byte[] value, long created, long version,
        long lease = 0) =>
        Set("key", Key(main, sub, isTombstone: false), Encode(new KeyValue
        {
            Key = Text(key),
            CreateRevision = created,
            ModRevision = main,
            Version = version,
            Value = value,
            Lease = lease,
        }));

    public EtcdDatabase Delete(long main, long sub, string key) =>
        Set("key", Key(main, sub, isTombstone: true), Encode(new KeyValue { Key = Text(key) }));

    public EtcdDatabase Lease(long id, long ttl)
    {
        var lease = new LeaseRecord(id, ttl, 0);
        var value = new ArrayBufferWriter<byte>();
        lease.WriteValue(value);
        var key = new byte[LeaseRecord.KeyBytes];
        lease.WriteKey(key);
        return Set("lease", key, value.WrittenSpan.ToArray());
    }

    public EtcdDatabase Compacted(long scheduled, long finished) =>
        Set("meta", "scheduledCompactRev", Key(scheduled, 0, false))
        .Set("meta", "finishedCompactRev", Key(finished, 0, false));

    public EtcdDatabase Index(ulong index, ulong term) =>
        Set("meta", "consistent_index", BigEndian(index)).Set("meta", "term", BigEndian(term));

    public EtcdDatabase Member(ulong id, string name)
    {
        var member = new MemberRecord(new MemberId(id), ["http://127.0.0.1:2380"])
        {
            Name = name,
            ClientUrls = ["http://127.0.0.1:2379"]
        };
        return Set("members", member.Id.ToString(), member.ToJson());
    }

    public byte[] ToImage()
    {
        var sink = new MemorySink();
        var writer = new BulkWriter(sink, PageSizeBytes, LeafPages);
        foreach (var (name, entries) in _buckets)
        {
            writer.BeginBucket(name);
            foreach (var (key, value) in entries)
            {
                writer.Add(key, value);
            }

            writer.EndBucket();
        }

        writer.Finish();
        return sink.ToArray();
    }

    public byte[] ToSnapshot() => ToSnapshot(ToImage());

    public static byte[] ToSnapshot(byte[] image) => [.. image, .. SHA256.HashData(image)];

    /// <summary>
    /// Makes both meta pages' checksums and the trailing hash agree with the content, where there are such.
    /// </summary>
    public static void Reseal(byte[] file)
    {
        foreach (var page in (int[])[0, 1024, 4096])
        {
            if (file.AsSpan(Math.Min(page + PageHeader.SizeBytes, file.Length)).StartsWith(MetaMagic)
                && file.Length >= page + PageHeader.SizeBytes + Meta.SizeBytes)
            {
                var body = file.AsSpan(page + PageHeader.SizeBytes, Meta.SizeBytes);
                BinaryPrimitives.WriteUInt64LittleEndian(body[56..], Fnv1a64.Compute(body[..56]));
            }
        }

        if (file.Length % 512 == SHA256.HashSizeInBytes)
        {
            SHA256.HashData(file.AsSpan(0, file.Length - SHA256.HashSizeInBytes),
                file.AsSpan(file.Length - SHA256.HashSizeInBytes));
        }
    }

    private static byte[] Key(long main, long sub, bool isTombstone)
    {
        var key = new RevisionKey(new Revision(main, sub), isTombstone);
        var bytes = new byte[key.SizeBytes];
        key.Write(bytes);
        return bytes;
    }

    private static byte[] Encode(KeyValue content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        content.Write(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] BigEndian(ulong number)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
