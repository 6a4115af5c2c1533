using System.Buffers;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Formats.Checksums;
using Salvor.Formats.Etcd;
using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Allocations;

/// <summary>
/// What the loops over entries, pages and records may allocate. An allocation per entry is millions per file.
/// </summary>
public sealed class HotLoopTests
{
    private const int EntryCount = 20_000;
    private const int KeyCount = 500;
    private const int PageSizeBytes = 4096;

    private static readonly (byte[] Key, byte[] Value)[] Entries = MakeEntries();

    [Fact]
    public void Decoding_an_entry_allocates_nothing()
    {
        var allocated = Measure(() =>
        {
            var sum = 0L;
            foreach (var (key, value) in Entries)
            {
                _ = RevisionKey.TryRead(key, out var entry) & KeyValue.TryRead(value, out var content);
                sum += entry.Revision.Main + content.Version;
            }

            Assert.True(sum > 0);
        });

        Assert.InRange(allocated, 0, 1000);
    }

    [Fact]
    public void Checking_an_entry_of_a_known_key_allocates_nothing()
    {
        var findings = new FindingList();
        var allocated = Measure(() =>
        {
            var scan = new KeyspaceScan("image", new BackendMeta(), findings);
            foreach (var (key, value) in Entries)
            {
                scan.Add(key, value, offset: 0);
            }

            Assert.Equal(KeyCount, scan.LiveKeyCount);
        });

        Assert.Empty(findings.All);
        Assert.InRange(allocated, 0, 1000 * KeyCount); // The index of the keys, grown by doubling.
    }

    [Fact]
    public void Walking_a_tree_allocates_by_pages_and_not_by_entries()
    {
        var source = new MemoryByteSource("image", WriteImage(new MemorySink()));
        var (leaves, branches) = (0L, 0L);
        var allocated = Measure(() =>
        {
            var image = BboltImage.Open(source);
            var cursor = image.Walk(image.ReadBuckets(image.Strict)[0], image.Strict);
            leaves = 0;
            while (cursor.TryNextLeaf(out var leaf))
            {
                leaves++;
                for (var i = 0; i < leaf.Count; i++)
                {
                    Assert.True(leaf.TryRead(i, out _));
                }
            }

            branches = cursor.BranchCount;
        });

        Assert.True(leaves > 200 && branches > 1);
        const int WindowBytes = 300_000;
        const int BoundBytes = 48; // A branch key of 17 bytes, copied once for each child.
        Assert.InRange(allocated, 0, WindowBytes + (BoundBytes * leaves) + (2 * PageSizeBytes * branches));
    }

    [Fact]
    public void Loading_allocates_its_buffers_and_a_list_of_leaves()
    {
        var sink = new MemorySink();
        WriteImage(sink); // Grows the sink.
        var leaves = WriteImage(sink).Length / PageSizeBytes;

        var allocated = Measure(() =>
        {
            var writer = new BulkWriter(new NoSink(), PageSizeBytes, leafPages: 1);
            Write(writer);
        });

        const int BuffersBytes = (1 << 20) + (200 << 10);
        Assert.InRange(allocated, 0, BuffersBytes + (200 * leaves));
    }

    [Fact]
    public void Reading_a_record_allocates_nothing_and_scanning_one_its_place()
    {
        var segments = WalSample.Segments(WalSample.WithEntries(EntryCount).Files);
        var findings = new FindingList();

        var read = Measure(() =>
        {
            var reader = new WalReader(segments);
            while (reader.TryRead(out _))
            {
            }
        });
        var scanned = Measure(() => WalScanner.Scan(segments, firstIndexWanted: 1, findings, CancellationToken.None));

        const int WindowBytes = 300_000;
        Assert.InRange(read, 0, WindowBytes);
        Assert.InRange(scanned, 0,
            (2 * WindowBytes) + (100 * EntryCount)); // 24 bytes an entry, in a list that doubles.
    }

    [Fact]
    public void Writing_a_record_allocates_nothing()
    {
        var output = new ArrayBufferWriter<byte>(4 << 20);
        var data = new byte[50];

        var allocated = Measure(() =>
        {
            output.ResetWrittenCount();
            var writer = new WalWriter(output);
            for (var index = 1UL; index <= EntryCount; index++)
            {
                writer.WriteEntry(new Entry(EntryKind.Normal, 1, index, data));
            }
        });

        Assert.InRange(allocated, 0, 2000);
    }

    [Fact]
    public void Sums_allocate_nothing()
    {
        var block = new byte[1 << 16];
        var allocated = Measure(() =>
        {
            _ = Crc32C.Append(0, block);
            _ = Fnv1a64.Compute(block);
        });

        Assert.InRange(allocated, 0, 100);
    }

    /// <summary>Bytes that a run allocates on this thread, once its code is loaded.</summary>
    private static long Measure(Action run)
    {
        // The best of three: the runtime may allocate while it compiles a hot loop anew.
        var least = long.MaxValue;
        run();
        for (var i = 0; i < 3; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static byte[] WriteImage(MemorySink sink)
    {
        Write(new BulkWriter(sink, PageSizeBytes, leafPages: 1));
        return sink.ToArray();
    }

    private static void Write(BulkWriter writer)
    {
        writer.BeginBucket(BucketNames.Key);
        foreach (var (key, value) in Entries)
        {
            writer.Add(key, value);
        }

        writer.EndBucket();
        writer.Finish();
    }

    private static (byte[] Key, byte[] Value)[] MakeEntries()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var entries = new (byte[] Key, byte[] Value)[EntryCount];
        for (var i = 0; i < EntryCount; i++)
        {
            buffer.ResetWrittenCount();
            new KeyValue
            {
                Key = System.Text.Encoding.ASCII.GetBytes($"/registry/pods/default/pod-{i % KeyCount}"),
                CreateRevision = (i % KeyCount) + 2,
                ModRevision = i + 2,
                Version = (i / KeyCount) + 1,
                Value = new byte[80],
            }.Write(buffer);
            var key = new byte[RevisionKey.PutBytes];
            new RevisionKey(new Revision(i + 2, 0), IsTombstone: false).Write(key);
            entries[i] = (key, buffer.WrittenSpan.ToArray());
        }

        return entries;
    }

    private sealed class NoSink : IPageSink
    {
        public void WriteAt(long offset, ReadOnlySpan<byte> data)
        {
        }
    }
}
