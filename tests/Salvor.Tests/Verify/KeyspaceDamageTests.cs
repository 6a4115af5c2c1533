using Salvor.Formats.Findings;
using Salvor.Tests.Support;
using FindingList = Salvor.Verify.FindingList;

namespace Salvor.Tests.Verify;

/// <summary>Each rule of what the buckets mean is broken alone, and seen by its name.</summary>
public sealed class KeyspaceDamageTests
{
    /// <summary>The good sample's head is revision 44: 40 keys, one put again, one deleted, one leased.</summary>
    private const long Next = 45;

    private static readonly Dictionary<string, Action<SampleDatabase>> Rules = new()
    {
        ["keyspace.key"] = d => d.Add("key", "not a revision", [1]),
        ["keyspace.value"] = d => d.Add("key"u8.ToArray(), SampleDatabase.EntryKey(Next, 0, isTombstone: false), [0xFF, 0xFF]),
        ["keyspace.gap"] = d => d.Put(Next + 1, "/late", "v"),
        ["keyspace.mod"] = d => d.Put(Next, "/a", "v", mod: 3),
        ["keyspace.key.empty"] = d => d.Put(Next, "", "v"),
        ["keyspace.version"] = d => d.Put(Next, "/registry/pods/0002", "v", created: 4, version: 7),
        ["keyspace.delete"] = d => d.Delete(Next, "/never/was"),
        ["keyspace.tombstone"] = d => d.Add("key"u8.ToArray(), SampleDatabase.EntryKey(Next, 0, isTombstone: true),
            [0x0A, 7, .. "/leased"u8, 0x10, 1]),
        ["keyspace.order"] = d => d.Add("key"u8.ToArray(), SampleDatabase.EntryKey(Next - 1, 0, isTombstone: true), [0x0A, 7, .. "/leased"u8]),
        ["keyspace.lease"] = d => d.Put(Next, "/b", "v", lease: 0x99),
        ["lease.entry"] = d => d.Add("lease", "x", [1]),
        ["members.entry"] = d => d.Add("members", "beef", "{}"u8.ToArray()),
        ["alarm.entry"] = d => d.Add("alarm", "\u0010\u0009", []),
        ["alarm.raised"] = d => d.Add("alarm", "\u0008\u0001\u0010\u0001", []),
        ["meta.entry"] = d => d.Add("meta", "term", [1]),
        ["meta.compact"] = d => d.SetCompacted(scheduled: 1, finished: 2),
        ["meta.compacting"] = d => d.SetCompacted(scheduled: 5, finished: 2),
        ["bucket.unknown"] = d => d.Add("mine", "k", [1]),
    };

    public static TheoryData<string> Codes => new(Rules.Keys);

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Broken_rule_is_named(string code)
    {
        var database = SampleDatabase.Good();
        Rules[code](database);
        var findings = await CheckAsync(database);
        Assert.Equal([code], findings.Kept.Select(f => f.Code).Distinct());
    }

    [Fact]
    public async Task Keyspace_without_an_applied_index_is_an_error()
    {
        var database = SampleDatabase.Good();
        database.Add("meta", "consistent_index", SampleDatabase.BigEndian(0));
        using var directory = new TempDirectory();
        var (findings, _) = await PageDamageTests.CheckAsync(directory, database.ToImage());
        Assert.Equal(("meta.index", Severity.Error), (findings.Kept[0].Code, findings.Kept[0].Severity));
    }

    [Fact]
    public async Task Compacted_history_and_a_raised_revision_are_good()
    {
        var compacted = new SampleDatabase();
        compacted.SetCompacted(scheduled: 20, finished: 20);
        compacted.Put(7, "/old", "v", created: 3, version: 4);
        compacted.Put(21, "/old", "v", created: 3, version: 5);
        Assert.Empty((await CheckAsync(compacted)).Kept);

        compacted.Add("key"u8.ToArray(), SampleDatabase.EntryKey(1_000_021, 0, isTombstone: false), []);
        compacted.SetCompacted(scheduled: 1_000_021, finished: 20);
        Assert.All((await CheckAsync(compacted)).Kept, f => Assert.Equal(Severity.Info, f.Severity));
    }

    [Fact]
    public async Task Numbers_at_the_end_of_their_range_are_only_findings()
    {
        var database = new SampleDatabase();
        database.SetCompacted(scheduled: long.MaxValue, finished: long.MaxValue);
        database.Put(5, "/k", "v", created: 5, version: long.MaxValue);
        database.Put(long.MaxValue, "/k", "v", created: 5, version: 1);
        Assert.Contains("keyspace.version", (await CheckAsync(database)).Kept.Select(f => f.Code));
    }

    private static async Task<FindingList> CheckAsync(SampleDatabase database)
    {
        // etcd never leaves a keyspace without its applied index.
        database.Add("meta", "consistent_index", [0, 0, 0, 0, 0, 0, 0, 9]);
        using var directory = new TempDirectory();
        return (await PageDamageTests.CheckAsync(directory, database.ToImage())).Findings;
    }
}
