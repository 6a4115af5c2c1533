using System.Buffers;
using System.Globalization;
using System.Text;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Etcd;

namespace Salvor.Benchmarks;

/// <summary>A keyspace like a cluster's: 50,000 puts over 10,000 keys, with values of 200 to 1,800 bytes.</summary>
internal static class Keyspace
{
    public const int EntryCount = 50_000;
    public const int PageSizeBytes = 4096;

    private const int KeyCount = 10_000;
    private const int ImageBytesMax = 96 << 20;

    public static IReadOnlyList<(byte[] Key, byte[] Value)> Entries { get; } = Make();

    public static long DataBytes { get; } = Entries.Sum(e => (long)e.Key.Length + e.Value.Length);

    public static MemorySink Sink() => new(ImageBytesMax);

    public static ReadOnlyMemory<byte> Write(MemorySink sink, int leafPages)
    {
        var writer = new BulkWriter(sink, PageSizeBytes, leafPages);
        writer.BeginBucket(BucketNames.Key);
        foreach (var (key, value) in Entries)
        {
            writer.Add(key, value);
        }

        writer.EndBucket();
        writer.Finish();
        return sink.Image;
    }

    private static byte[] UserKey(int index) => Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"/registry/pods/namespace-{index % 40}/pod-{index:d6}"));

    private static List<(byte[] Key, byte[] Value)> Make()
    {
        var random = new Random(1);
        var entries = new List<(byte[] Key, byte[] Value)>(EntryCount);
        var created = new long[KeyCount];
        var versions = new long[KeyCount];
        var buffer = new ArrayBufferWriter<byte>();
        for (var revision = 2L; revision < EntryCount + 2; revision++)
        {
            var index = random.Next(KeyCount);
            created[index] = versions[index] == 0 ? revision : created[index];
            var value = new byte[random.Next(200, 1800)];
            random.NextBytes(value);
            buffer.ResetWrittenCount();
            new KeyValue
            {
                Key = UserKey(index),
                CreateRevision = created[index],
                ModRevision = revision,
                Version = ++versions[index],
                Value = value,
            }.Write(buffer);
            var key = new byte[RevisionKey.PutBytes];
            new RevisionKey(new Revision(revision, 0), IsTombstone: false).Write(key);
            entries.Add((key, buffer.WrittenSpan.ToArray()));
        }

        return entries;
    }
}
