using Salvor.Tests.Support;
using Salvor.Verify;

namespace Salvor.Tests.Etcd;

/// <summary>What must follow from what in a keyspace. Each test breaks one rule, or goes to the edge of it.</summary>
public sealed class KeyspaceScanTests
{
    private static readonly byte[] Value = [1];

    [Fact]
    public void Puts_deletes_and_new_lives_follow_each_other() => Expect(new EtcdDatabase()
        .Put(2, 0, "a", Value, 2, 1).Put(2, 1, "b", Value, 2, 1).Put(3, 0, "a", Value, 2, 2)
        .Delete(4, 0, "a").Delete(4, 1, "b").Put(5, 0, "a", Value, 5, 1));

    [Fact]
    public void Missing_revision_is_a_gap() =>
        Expect(new EtcdDatabase().Put(2, 0, "a", Value, 2, 1).Put(4, 0, "a", Value, 2, 2), "keyspace.gap");

    [Fact]
    public void Keyspace_begins_at_revision_2() =>
        Expect(new EtcdDatabase().Put(3, 0, "a", Value, 3, 1), "keyspace.gap");

    [Fact]
    public void Missing_change_of_a_transaction_is_a_gap() =>
        Expect(new EtcdDatabase().Put(2, 0, "a", Value, 2, 1).Put(2, 2, "b", Value, 2, 1), "keyspace.gap");

    [Fact]
    public void Transaction_that_begins_past_its_first_change_is_a_gap() =>
        Expect(new EtcdDatabase().Put(2, 1, "a", Value, 2, 1), "keyspace.gap");

    [Fact]
    public void Version_that_does_not_count_on_is_an_error() =>
        Expect(new EtcdDatabase().Put(2, 0, "a", Value, 2, 1).Put(3, 0, "a", Value, 2, 3), "keyspace.version");

    [Fact]
    public void Creation_that_moves_within_a_life_is_an_error() =>
        Expect(new EtcdDatabase().Put(2, 0, "a", Value, 2, 1).Put(3, 0, "a", Value, 3, 2), "keyspace.version");

    [Fact]
    public void Key_that_begins_past_version_1_is_an_error() =>
        Expect(new EtcdDatabase().Put(2, 0, "a", Value, 1, 2), "keyspace.version");

    [Fact]
    public void Deletion_of_what_does_not_exist_is_an_error() =>
        Expect(new EtcdDatabase().Delete(2, 0, "a"), "keyspace.delete");

    [Fact]
    public void Entry_that_names_another_revision_is_an_error() => Expect(new EtcdDatabase()
        .Set("key", [0, 0, 0, 0, 0, 0, 0, 2, (byte)'_', 0, 0, 0, 0, 0, 0, 0, 0],
            [10, 1, (byte)'a', 16, 2, 24, 3, 32, 1]), "keyspace.mod");

    [Fact]
    public void Key_and_value_that_can_not_be_read_are_errors() => Expect(new EtcdDatabase()
        .Set("key", [0, 0, 0, 0, 0, 0, 0, 2, (byte)'_', 0, 0, 0, 0, 0, 0, 0, 0], [10, 100])
            .Set("key", "x", Value), "keyspace.value", "keyspace.key");

    [Fact]
    public void Below_the_compaction_anything_but_the_newest_may_be_gone() => Expect(new EtcdDatabase().Compacted(9, 9)
        .Put(3, 0, "a", Value, 2, 7).Put(7, 2, "b", Value, 5, 2).Put(10, 0, "a", Value, 2, 8).Delete(11, 0, "b"));

    [Fact]
    public void Above_the_compaction_nothing_may_be_gone() =>
        Expect(new EtcdDatabase().Compacted(9, 9).Put(3, 0, "a", Value, 2, 7)
            .Put(11, 0, "a", Value, 2, 8), "keyspace.gap");

    [Fact]
    public void Compaction_under_way_is_worth_knowing() =>
        Expect(new EtcdDatabase().Compacted(scheduled: 3, finished: 2).Put(3, 0, "a", Value, 3, 1), "meta.compacting");

    [Fact]
    public void Lease_that_does_not_exist_is_a_warning()
    {
        Expect(new EtcdDatabase().Lease(7, 60).Put(2, 0, "a", Value, 2, 1, lease: 7));
        Expect(new EtcdDatabase().Lease(8, 60).Put(2, 0, "a", Value, 2, 1, lease: 7), "keyspace.lease");
    }

    [Fact]
    public void Head_is_the_compaction_where_nothing_newer_is_left()
    {
        Assert.Equal(9, Verify(new EtcdDatabase().Compacted(9, 9).Put(3, 0, "a", Value, 2, 7)).Database!.Revision);
        Assert.Equal(1, Verify(new EtcdDatabase()).Database!.Revision);
    }

    private static void Expect(EtcdDatabase database, params string[] codes) =>
        Assert.Equal(codes, Verify(database.Member(5, "m")).Findings.Kept.Select(f => f.Code));

    private static VerifyReport Verify(EtcdDatabase database) =>
        new Verification(new MemoryFiles().With("/db", database.ToImage()), new InlineCpuPool(), TimeProvider.System)
            .RunAsync("/db", walDirectory: null, progress: null, CancellationToken.None).GetAwaiter().GetResult();
}
