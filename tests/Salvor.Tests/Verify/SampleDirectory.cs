using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;
using Salvor.Formats.Snap;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;
using Salvor.Verify;

namespace Salvor.Tests.Verify;

/// <summary>A data directory whose parts agree, each of which a test may replace, break or leave out.</summary>
/// <remarks>The database has applied entry 99, of term 3; a raft snapshot stands at entry 50, of term 1.</remarks>
internal sealed class SampleDirectory
{
    public const ulong SnapshotIndex = 50;
    public const ulong LastIndex = 99;
    public const ulong LastTerm = 3;

    public static readonly WalMetadata Owner = new(MemberId: 0xabc, ClusterId: 0xdef);

    public SampleDatabase? Database { get; set; } = SampleDatabase.Good();

    /// <summary>The log's segments, by their numbers.</summary>
    public SortedDictionary<ulong, byte[]> Segments { get; set; } = Number(GoodLog());

    /// <summary>Files of the snap directory beside the database.</summary>
    public Dictionary<string, byte[]> Snap { get; } = new()
    {
        [new SnapFileName(Term: 1, SnapshotIndex).ToString()] = SnapFileAt(SnapshotIndex, term: 1),
    };

    public static WalSample GoodLog()
    {
        var log = Entries(new WalSample(Owner), 1, SnapshotIndex, term: 1);
        log.State(new HardState(1, Owner.MemberId, SnapshotIndex)).Snapshot(SnapshotIndex)
            .Cut(SnapshotIndex + 1, Owner);
        return Entries(log, SnapshotIndex + 1, LastIndex, LastTerm)
            .State(new HardState(LastTerm, Owner.MemberId, LastIndex));
    }

    public static WalSample Entries(WalSample log, ulong first, ulong last, ulong term)
    {
        for (var index = first; index <= last; index++)
        {
            log.Entry(index, WalSample.Fill((int)index, 40), term);
        }

        return log;
    }

    public static SortedDictionary<ulong, byte[]> Number(WalSample log) =>
        new(log.Files.Select((file, i) => (file, i)).ToDictionary(f => (ulong)f.i, f => f.file));

    public static byte[] SnapFileAt(ulong index, ulong term)
    {
        var voters = new ConfState { Voters = [Owner.MemberId] };
        return new SnapFile(new SnapshotMetadata(voters, index, term), "{}"u8.ToArray()).Encode();
    }

    public void SetApplied(ulong index, ulong term = LastTerm)
    {
        Database!.Add("meta", "consistent_index", SampleDatabase.BigEndian(index));
        Database.Add("meta", "term", SampleDatabase.BigEndian(term));
    }

    public Task<VerifyReport> VerifyAsync(CancellationToken ct) =>
        new Verification(ToFiles(), new InlineCpuPool(), TimeProvider.System).RunAsync("/data", null, null, ct);

    private MemoryFiles ToFiles()
    {
        var files = new MemoryFiles().With("/data/member/wal/0.tmp", []);
        foreach (var (number, segment) in Segments)
        {
            files.With($"/data/member/wal/{new WalFileName(number, 0)}", segment);
        }

        foreach (var (name, content) in Snap)
        {
            files.With($"/data/member/snap/{name}", content);
        }

        return Database is null ? files : files.With("/data/member/snap/db", Database.ToImage());
    }
}
