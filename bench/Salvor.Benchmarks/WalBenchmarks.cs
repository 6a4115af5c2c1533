using System.Buffers;
using BenchmarkDotNet.Attributes;
using Salvor.Formats.Bytes;
using Salvor.Formats.Findings;
using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;

namespace Salvor.Benchmarks;

/// <summary>A log of 50,000 entries of 40 to 1,000 bytes, about 30 MB.</summary>
[MemoryDiagnoser]
public class WalBenchmarks : IFindingSink
{
    private const int EntryCount = 50_000;

    private WalSegment[] _segments = [];

    [GlobalSetup]
    public void SetUp()
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new WalWriter(bytes);
        writer.WriteCrc(0);
        writer.WriteMetadata(new WalMetadata(1, 2));
        var random = new Random(1);
        var data = new byte[1000];
        for (var index = 1UL; index <= EntryCount; index++)
        {
            random.NextBytes(data);
            writer.WriteEntry(new Entry(EntryKind.Normal, 2, index, data.AsSpan(0, random.Next(40, 1000))));
        }

        _segments = [new WalSegment(new WalFileName(0, 0), new MemoryByteSource("wal", bytes.WrittenMemory))];
    }

    /// <summary>A whole log, every sum checked, and each entry's place noted.</summary>
    [Benchmark(OperationsPerInvoke = EntryCount)]
    public ulong ScanRecord() =>
        WalScanner.Scan(_segments, firstIndexWanted: 1, this, CancellationToken.None).LastIndex;

    [Benchmark(OperationsPerInvoke = EntryCount)]
    public long ReadRecord()
    {
        var reader = new WalReader(_segments);
        var count = 0L;
        while (reader.TryRead(out _))
        {
            count++;
        }

        return count;
    }

    void IFindingSink.Report(Finding finding) => throw new InvalidOperationException(finding.Message);
}
