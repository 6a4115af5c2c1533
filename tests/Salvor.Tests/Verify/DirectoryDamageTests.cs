using System.Text;
using Salvor.Formats.RaftWal;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Verify;

/// <summary>Each way in which the parts of a data directory can fail to meet, alone, and seen by its name.</summary>
public sealed class DirectoryDamageTests
{
    private static readonly Dictionary<string, Action<SampleDirectory>> Rules = new()
    {
        ["directory.db"] = d => d.Database = null,
        ["directory.wal"] = d => d.Segments.Clear(),
        ["directory.stray"] = d => d.Snap["db.tmp.1234"] = [1],
        ["directory.index.ahead"] = d => d.SetApplied(SampleDirectory.LastIndex + 1),
        ["directory.index.behind"] = d => d.SetApplied(SampleDirectory.SnapshotIndex - 1, term: 1),
        ["directory.index.hole"] = d => d.Segments = SampleDirectory.Number(
            SampleDirectory.Entries(new WalSample(SampleDirectory.Owner), 101, 110, SampleDirectory.LastTerm)),
        ["directory.index.replay"] = d => d.SetApplied(SampleDirectory.LastIndex - 9),
        ["directory.index.term"] = d => d.SetApplied(SampleDirectory.LastIndex, SampleDirectory.LastTerm + 1),
        ["directory.member"] = SwapMember,
        ["snap.corrupt"] = d => d.Snap[d.Snap.Keys.Single()][^1] ^= 1,
        ["snap.name"] = d => d.Snap[d.Snap.Keys.Single()] = SampleDirectory.SnapFileAt(51, term: 1),
        ["snap.unmatched"] = d => d.Snap.Clear(),
    };

    public static TheoryData<string> Codes => new(Rules.Keys);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Good_directory_has_no_findings()
    {
        Assert.Empty((await new SampleDirectory().VerifyAsync(Cancel)).Findings.Kept);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Broken_rule_is_named(string code)
    {
        var directory = new SampleDirectory();
        Rules[code](directory);
        // A raft snapshot that can't be read leaves the log without one that it knows.
        string[] expected = code == "snap.corrupt" ? [code, "snap.unmatched"] : [code];
        Assert.Equal(expected, (await directory.VerifyAsync(Cancel)).Findings.Kept.Select(f => f.Code));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, "directory.index.term")]
    public async Task Term_is_held_against_the_raft_snapshot_where_the_entry_is_gone(ulong term, string? code)
    {
        var directory = new SampleDirectory();
        var log = new WalSample(SampleDirectory.Owner).Snapshot(SampleDirectory.SnapshotIndex);
        directory.Segments = SampleDirectory.Number(SampleDirectory.Entries(log, 51, 60, term: 3));
        directory.SetApplied(SampleDirectory.SnapshotIndex, term);
        var codes = (await directory.VerifyAsync(Cancel)).Findings.Kept.Select(f => f.Code);
        Assert.Equal(code is null ? [] : [code], codes.Where(c => c == "directory.index.term"));
    }

    [Theory]
    [InlineData("3.4.0", false)]
    [InlineData("3.5.0", true)]
    public async Task Old_term_counts_from_the_etcd_on_that_keeps_it(string version, bool isWrong)
    {
        var directory = new SampleDirectory();
        directory.SetApplied(SampleDirectory.LastIndex, SampleDirectory.LastTerm - 1);
        directory.Database!.Add("cluster", "clusterVersion", Encoding.ASCII.GetBytes(version));
        string[] expected = isWrong ? ["directory.index.term"] : [];
        Assert.Equal(expected, (await directory.VerifyAsync(Cancel)).Findings.Kept.Select(f => f.Code));
    }

    [Fact]
    public async Task Database_without_a_term_is_not_held_against_the_log()
    {
        var directory = new SampleDirectory { Database = new SampleDatabase() };
        directory.Database.Put(2, "/key", "value");
        directory.Database.Add("meta", "consistent_index", SampleDatabase.BigEndian(SampleDirectory.LastIndex));
        Assert.Empty((await directory.VerifyAsync(Cancel)).Findings.Kept);
    }

    private static void SwapMember(SampleDirectory directory)
    {
        var log = new WalSample(new WalMetadata(MemberId: 0x123, ClusterId: 0xdef));
        SampleDirectory.Entries(log, 1, SampleDirectory.LastIndex, SampleDirectory.LastTerm);
        directory.Segments = SampleDirectory.Number(log);
    }
}
