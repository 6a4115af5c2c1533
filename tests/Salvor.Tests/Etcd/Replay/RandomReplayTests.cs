using Salvor.Formats.Etcd.Requests;

namespace Salvor.Tests.Etcd.Replay;

/// <summary>Random requests, once through the replay and once through a store that is too plain to be wrong.</summary>
public sealed class RandomReplayTests
{
    [Fact]
    public void Replay_and_plain_store_agree_entry_by_entry()
    {
        for (var seed = 1; seed <= TestLevel.Choose(20, 150, 2000); seed++)
        {
            var random = new Random(seed);
            var run = new ReplayRun();
            var naive = new NaiveStore();
            for (var i = 0; i < 60; i++)
            {
                Step(random, run, naive);
            }

            Assert.True(naive.Show() == run.Store.Show(),
                $"seed {seed}\nplain:\n{naive.Show()}\nreplay:\n{run.Store.Show()}");
        }
    }

    private static void Step(Random random, ReplayRun run, NaiveStore naive)
    {
        var lease = random.Next(1, 4);
        switch (random.Next(10))
        {
            case 0:
                run.Apply(Request.Grant(lease, 60));
                naive.Grant(lease);
                break;
            case 1:
                run.Apply(Request.Revoke(lease));
                naive.Revoke(lease);
                break;
            case 2 or 3 or 4:
                var op = Op(random, depth: 9, []);
                run.Apply(op.IsPut
                    ? Request.Put(op.Key, op.Value, op.Lease, op.KeepsValue)
                    : Request.Delete(op.Key, op.RangeEnd));
                naive.Apply(new NaiveTxn([], [op], []));
                break;
            default:
                var txn = Txn(random, depth: 0, []);
                run.Apply(Request.Txn(txn.Encode()));
                naive.Apply(txn);
                break;
        }
    }

    private static NaiveTxn Txn(Random random, int depth, HashSet<string> put) => new(
        [.. Enumerable.Range(0, random.Next(3)).Select(_ => Compare(random))],
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => Op(random, depth, put))],
        [.. Enumerable.Range(0, random.Next(3)).Select(_ => Op(random, depth, put))]);

    private static NaiveOp Op(Random random, int depth, HashSet<string> put)
    {
        if (depth < 3 && random.Next(4) == 0)
        {
            return new NaiveOp("", null, "", 0, IsPut: false, KeepsValue: false, Txn(random, depth + 1, put));
        }

        // Values are kept only of keys that nothing in the same transaction deletes: etcd's API lets no other in.
        var key = Key(random);
        var isPut = random.Next(3) > 0 && put.Add(key);
        var keepsValue = isPut && depth == 9 && random.Next(5) == 0;
        return new NaiveOp(key, isPut
            ? null
            : RangeEnd(random), keepsValue ? "" : $"v{random.Next(5)}", isPut ? random.Next(-3, 4) switch
            {
                <= 0 => 0,
                var lease => lease,
            } : 0, isPut, keepsValue, Nested: null);
    }

    private static NaiveCompare Compare(Random random) => new(
        (CompareTarget)random.Next(5), (CompareResult)random.Next(4), Key(random), RangeEnd(random), random.Next(8),
            $"v{random.Next(5)}");

    private static string Key(Random random) => ((char)('a' + random.Next(6))).ToString();

    private static string? RangeEnd(Random random) => random.Next(6) switch
    {
        0 => "\0",
        1 => Key(random),
        _ => null,
    };
}
