using System.Globalization;
using Salvor.DataDirectory;
using Salvor.Formats.Etcd;
using Salvor.Restore;
using Salvor.Restore.Salvage;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>Salvage onto a snapshot, of which the hash is right and the content anything.</summary>
internal sealed class SalvageWithSnapshot : DirectoryTarget
{
    private const string SnapshotPath = "/in/snapshot.db";
    private const int HashBytes = 32;

    // As in a salvage without one; the snapshot is read once more for each proof that it is kin.
    public override int AllocatedPerInputByte => 512;

    public override void Reseal(byte[][] files)
    {
        var directory = files[..^1];
        base.Reseal(directory);
        directory.CopyTo(files, 0);
        var image = files[^1][..Math.Max(0, files[^1].Length - HashBytes)];
        EtcdDatabase.Reseal(image);
        files[^1] = SampleDatabase.Seal(image);
    }

    protected override IReadOnlyList<Sample> MakeSamples() =>
    [
        .. base.MakeSamples().Select(s => s with { Files = [.. s.Files, Snapshot(s)] }),
    ];

    public override void Run(IReadOnlyList<byte[]> files, Random random)
    {
        byte[] database = random.Next(3) > 0 ? [] : files[0];
        var disk = Directory([database, .. files.Skip(1).SkipLast(1)]).With("/out/.keep", [])
            .With(SnapshotPath, files[^1]);
        var options = new SalvageOptions
        {
            Source = new MemberLayout(Root),
            Snapshot = SnapshotPath,
            Target = new RestoreOptions { DataDirectory = "/out/etcd", ClusterToken = "fuzz" },
        };
        var report = new DirectorySalvage(disk, TimeProvider.System)
            .Run(options, progress: null, CancellationToken.None);
        Assert.True(report.IsComplete || report.Losses.Count > 0);
    }

    /// <summary>The database itself where etcd wrote it, else one that knows the log's member.</summary>
    private static byte[] Snapshot(Sample sample)
    {
        if (EtcdFixture.All.FirstOrDefault(f => f.Version == sample.Name && sample.Files[0] == f.Database) is { } real)
        {
            return real.Snapshot;
        }

        var member = new MemberRecord(new MemberId(WalSample.Owner.MemberId), ["http://n1:2380"]) { Name = "n1" };
        var name = member.Id.Value.ToString("x", CultureInfo.InvariantCulture);
        var database = DatabaseSamples.History(new EtcdDatabase(), keys: 10, changes: 20).Index(5, 1)
            .Set("members", name, member.ToJson());
        // The newest put is what the log must tell: this one its first requests do.
        return SampleDatabase.Seal(database.Put(1_000, 0, "b", "two"u8.ToArray(), 1_000, 1).ToImage());
    }
}
