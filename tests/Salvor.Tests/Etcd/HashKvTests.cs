using Salvor.Tests.Support;
using Salvor.Verify;

namespace Salvor.Tests.Etcd;

/// <summary>The hash, held against one that is worked out bit by bit from the entries that must count.</summary>
public sealed class HashKvTests
{
    private static readonly byte[] Value = "v"u8.ToArray();

    [Fact]
    public void Check_value_of_the_sum_is_right() => Assert.Equal(0xE3069283U, Sum("123456789"u8.ToArray()));

    [Fact]
    public void Everything_above_the_compaction_counts() => Expect(
        new EtcdDatabase().Put(2, 0, "a", Value, 2, 1).Put(3, 0, "a", Value, 2, 2).Delete(4, 0, "a"),
        "00000000000000025f0000000000000000" + "0a0161100218022001" + "2a0176",
        "00000000000000035f0000000000000000" + "0a0161100218032002" + "2a0176",
        "00000000000000045f000000000000000074" + "0a0161");

    [Fact]
    public void At_or_below_it_only_the_newest_entry_of_a_live_key_counts() => Expect(
        new EtcdDatabase().Compacted(scheduled: 3, finished: 2)
            .Put(2, 0, "a", Value, 2, 1).Put(3, 0, "a", Value, 2, 2).Put(3, 1, "b", Value, 3, 1),
        "00000000000000035f0000000000000000" + "0a0161100218032002" + "2a0176",
        "00000000000000035f0000000000000001" + "0a0162100318032001" + "2a0176");

    [Fact]
    public void Tombstone_at_the_compaction_does_not_count() => Expect(
        new EtcdDatabase().Compacted(3, 3).Put(2, 0, "b", Value, 2, 1).Delete(3, 0, "a"),
        "00000000000000025f0000000000000000" + "0a0162100218022001" + "2a0176");

    [Fact]
    public void Empty_keyspace_is_the_sum_of_the_buckets_name() => Expect(new EtcdDatabase());

    private static void Expect(EtcdDatabase database, params string[] entries)
    {
        var report = new Verification(new MemoryFiles()
            .With("/db", database.ToImage()), new InlineCpuPool(), TimeProvider.System)
            .RunAsync("/db", walDirectory: null, progress: null, CancellationToken.None).GetAwaiter().GetResult();

        Assert.Equal(Sum([.. "key"u8, .. Convert.FromHexString(string.Concat(entries))]), report.Database!.HashKv);
    }

    /// <summary>CRC-32C by its polynomial, one bit after the other.</summary>
    private static uint Sum(byte[] bytes)
    {
        var state = uint.MaxValue;
        foreach (var b in bytes)
        {
            state ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) == 1 ? 0x82F63B78U : 0);
            }
        }

        return ~state;
    }
}
