using Salvor.Formats.Etcd.Replay;
using Salvor.Formats.RaftWal;
using Salvor.Tests.Etcd.Replay;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>A whole WAL: read strictly, scanned behind damage, and what survives replayed.</summary>
internal sealed class ScanLog : FuzzTarget
{
    public override bool HasChecksums => true;

    // An entry of some 10 bytes may delete and write keys anew each time: what a replay makes of a log is longer than
    // it.
    public override int AllocatedPerInputByte => 256;

    public override void Reseal(byte[][] files) => WalReseal.Apply(files);

    public override void Run(IReadOnlyList<byte[]> files, Random random)
    {
        var segments = WalSample.Segments(files);
        var reader = new WalReader(segments);
        while (reader.TryRead(out _))
        {
        }

        var log = WalScanner.Scan(segments, firstIndexWanted: 1, new FindingList(), CancellationToken.None);
        var entries = new WalEntryReader(log);
        var replay = new KeyspaceReplay(new MemoryReplayStore(), new ReplayOptions());
        for (var index = log.Entries.FirstIndex; index <= log.Entries.LastIndex && log.Entries.Count > 0; index++)
        {
            if (replay.Apply(entries.Read(index)) != ReplayStop.None)
            {
                break;
            }
        }

        reader.RequireCleanEnd();
    }

    protected override IReadOnlyList<Sample> MakeSamples() => LogSamples.All;
}
