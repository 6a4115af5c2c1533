using System.Globalization;
using Salvor.DataDirectory;
using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;
using Salvor.Formats.Snap;
using Salvor.Progress;
using Salvor.Restore;
using Salvor.Restore.Salvage;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Restore.Salvage;

/// <summary>A data directory made by hand, and what a salvage makes of it.</summary>
internal sealed class SalvageScene
{
    public const string DatabasePath = "/source/member/snap/db";

    private string? _snapshot;

    /// <summary>The disk, for what a test does to it besides.</summary>
    public MemoryFiles Files { get; } = new MemoryFiles().With("/source/member/snap/placeholder", []);

    public static string SegmentPath(ulong sequence) => $"/source/member/wal/{new WalFileName(sequence, 0)}";

    public SalvageScene Database(byte[] image, string name = "db")
    {
        Files.With($"/source/member/snap/{name}", image);
        return this;
    }

    public SalvageScene Log(WalSample sample) => Log([.. sample.Files]);

    public SalvageScene Log(params byte[][] segments)
    {
        for (var i = 0; i < segments.Length; i++)
        {
            Segment((ulong)i, segments[i]);
        }

        return this;
    }

    public SalvageScene Segment(ulong sequence, byte[] bytes)
    {
        Files.With(SegmentPath(sequence), bytes);
        return this;
    }

    public SalvageScene EmptyLogDirectory()
    {
        Files.With("/source/member/wal/0.tmp", []);
        return this;
    }

    /// <summary>A raft snapshot's file.</summary>
    public SalvageScene Snap(ulong index, ulong member)
    {
        var voters = new ConfState { Voters = [member] };
        var store = MinimalStore.Encode(member, ["http://n1:2380"]);
        var snap = new SnapFile(new SnapshotMetadata(voters, index, 1), store);
        Files.With($"/source/member/snap/{new SnapFileName(1, index)}", snap.Encode());
        return this;
    }

    /// <summary>What <c>--snapshot</c> names.</summary>
    public SalvageScene Base(byte[] snapshot)
    {
        _snapshot = "/snapshot.db";
        Files.With(_snapshot, snapshot);
        return this;
    }

    public SalvageReport Salvage(IProgress<WorkProgress>? progress = null)
    {
        var options = new SalvageOptions
        {
            Source = new MemberLayout("/source"),
            Snapshot = _snapshot,
            Target = new RestoreOptions { DataDirectory = "/target", ClusterToken = "token" },
        };
        return new DirectorySalvage(Files, TimeProvider.System)
            .Run(options, progress, TestContext.Current.CancellationToken);
    }

    /// <summary>Main revisions and keys of the salvaged keyspace's entries, in the order of revisions.</summary>
    public List<string> Entries(bool isWhole = true) => Entries(isWhole, withValues: false);

    /// <summary>The same with whatever else an entry holds.</summary>
    public List<string> WholeEntries() => Entries(isWhole: null, withValues: true);

    /// <summary>The entries of a database in memory, with all that they hold.</summary>
    public static List<string> EntriesOf(byte[] image) =>
        Entries(new Formats.Bytes.MemoryByteSource("the truth", image), isWhole: true, withValues: true);

    private List<string> Entries(bool? isWhole, bool withValues)
    {
        using var file = Files.OpenRead("/target/member/snap/db");
        return Entries(file, isWhole, withValues);
    }

    private static List<string> Entries(Formats.Bytes.IByteSource file, bool? isWhole, bool withValues)
    {
        var meta = Formats.Bbolt.MetaPair.Read(file).Newest!.Value;
        var survey = DatabaseSurvey.Read(file, meta, "the result", new Support.FindingList(), default);
        Assert.Equal(isWhole ?? survey.IsWhole, survey.IsWhole);
        var entries = new List<string>();
        survey.Visit(Formats.Etcd.BucketNames.Key, (key, value) =>
        {
            Assert.True(Formats.Etcd.RevisionKey.TryRead(key, out var revision));
            Assert.True(Formats.Etcd.KeyValue.TryRead(value, out var content));
            var text = System.Text.Encoding.UTF8.GetString(content.Key);
            var rest = withValues
                ? string.Create(CultureInfo.InvariantCulture, $" {revision.Revision.Sub} {revision.IsTombstone} ")
                    + Convert.ToHexStringLower(value)
                : "";
            entries.Add(string.Create(CultureInfo.InvariantCulture, $"{revision.Revision.Main} {text}{rest}"));
        });
        return entries;
    }
}
