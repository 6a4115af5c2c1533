using System.Globalization;
using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;
using Salvor.Formats.Snap;
using Salvor.Tests.Support;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>What reads a whole data directory: database, log and snap file, any of them damaged.</summary>
internal abstract class DirectoryTarget : FuzzTarget
{
    protected const string Root = "/in/etcd";

    public override bool HasChecksums => true;

    public override void Reseal(byte[][] files)
    {
        EtcdDatabase.Reseal(files[0]);
        var log = files[2..];
        WalReseal.Apply(log);
        log.CopyTo(files, 2);
    }

    protected override IReadOnlyList<Sample> MakeSamples()
    {
        var snap = new SnapFile(new SnapshotMetadata(new ConfState { Voters = [5] }, 1, 1),
            MinimalStore.Encode(5, ["http://127.0.0.1:2380"])).Encode();
        var real = EtcdFixture.All.Select(f =>
            new Sample(f.Version, [f.Database, f.Snap, f.Wal]) { Fields = [DatabaseFields.Of(f.Database, 4096)] });
        return [.. real, .. LogSamples.All.Select(log => new Sample(log.Name, [Database(log), snap, .. log.Files])
        {
            Fields = [DatabaseFields.Of(Database(log), DatabaseSamples.PageSizeBytes), [], .. log.Fields],
        })];
    }

    private static byte[] Database(Sample log) =>
        DatabaseSamples.History(new EtcdDatabase(), keys: 10, changes: 20).Index((ulong)log.Files.Count, 1).ToImage();

    protected static MemoryFiles Directory(IReadOnlyList<byte[]> files)
    {
        var disk = new MemoryFiles().With($"{Root}/member/snap/db", files[0])
            .With($"{Root}/member/snap/{new SnapFileName(1, 1)}", files[1]);
        for (var i = 2; i < files.Count; i++)
        {
            disk.With(string.Create(CultureInfo.InvariantCulture,
                $"{Root}/member/wal/{new WalFileName((ulong)i - 2, 0)}"), files[i]);
        }

        return disk;
    }
}
