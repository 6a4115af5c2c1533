using BenchmarkDotNet.Attributes;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;

namespace Salvor.Benchmarks;

/// <summary>Pages read and written, per file of about 50 MB in memory.</summary>
[MemoryDiagnoser]
public class BboltBenchmarks
{
    private readonly MemorySink _target = Keyspace.Sink();
    private ReadOnlyMemory<byte> _image;
    private MemoryByteSource _source = null!;
    private byte[] _leaf = [];

    [Params(1, 16)]
    public int LeafPages { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _image = Keyspace.Write(Keyspace.Sink(), LeafPages);
        _source = new MemoryByteSource("image", _image);
        var header = PageHeader.Read(_image.Span[(3 * Keyspace.PageSizeBytes)..]);
        var pages = (int)header.OverflowPages + 1;
        _leaf = _image.Slice(3 * Keyspace.PageSizeBytes, pages * Keyspace.PageSizeBytes).ToArray();
    }

    /// <summary>Every element of one leaf, bounds checked.</summary>
    [Benchmark]
    public int WalkOneLeaf()
    {
        var leaf = new LeafPage(_leaf);
        var bytes = 0;
        for (var i = 0; i < leaf.Count; i++)
        {
            bytes += leaf.TryRead(i, out var element) ? element.Value.Length : 0;
        }

        return bytes;
    }

    /// <summary>Every leaf of the file in order, all rules of the tree checked.</summary>
    [Benchmark]
    public long WalkTree()
    {
        var image = BboltImage.Open(_source);
        var cursor = image.Walk(image.ReadBuckets(image.Strict)[0], image.Strict);
        var count = 0L;
        while (cursor.TryNextLeaf(out var leaf))
        {
            count += leaf.Count;
        }

        return count;
    }

    [Benchmark]
    public int BulkLoad() => Keyspace.Write(_target, LeafPages).Length;
}
