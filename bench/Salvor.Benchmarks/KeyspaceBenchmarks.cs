using BenchmarkDotNet.Attributes;
using Salvor.Formats.Checksums;
using Salvor.Formats.Etcd;
using Salvor.Formats.Findings;

namespace Salvor.Benchmarks;

/// <summary>What is done with each entry of a keyspace, over 50,000 of them.</summary>
[MemoryDiagnoser]
public class KeyspaceBenchmarks : IFindingSink
{
    private readonly byte[] _block = new byte[1 << 20];
    private readonly IReadOnlyList<(byte[] Key, byte[] Value)> _entries = Keyspace.Entries;

    /// <summary>Revision and message of each entry, as every reader decodes them.</summary>
    [Benchmark(OperationsPerInvoke = Keyspace.EntryCount)]
    public long DecodeEntry()
    {
        var sum = 0L;
        foreach (var (key, value) in _entries)
        {
            sum += RevisionKey.TryRead(key, out var entry) && KeyValue.TryRead(value, out var content)
                ? entry.Revision.Main + content.Version
                : 0;
        }

        return sum;
    }

    /// <summary>Each entry held against the ones before it, as verify does.</summary>
    [Benchmark(OperationsPerInvoke = Keyspace.EntryCount)]
    public long ScanEntry()
    {
        var scan = new KeyspaceScan("image", new BackendMeta(), this);
        foreach (var (key, value) in _entries)
        {
            scan.Add(key, value, offset: 0);
        }

        return scan.LiveKeyCount;
    }

    /// <summary>CRC-32C over a mebibyte.</summary>
    [Benchmark]
    public uint Crc32COfMebibyte() => Crc32C.Append(0, _block);

    void IFindingSink.Report(Finding finding) => throw new InvalidOperationException(finding.Message);
}
