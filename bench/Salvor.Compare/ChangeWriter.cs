using Salvor.EtcdClient;
using Salvor.Load;

namespace Salvor.Compare;

/// <summary>Writes changes one by one, a revision each, as fast as etcd takes them.</summary>
public sealed class ChangeWriter(EtcdConnection connection)
{
    private const int Parallel = 16;
    private int _puts;
    private long _valueBytes;
    private long _revision;

    public async Task<ChangeReport> RunAsync(IEnumerable<LoadOperation> puts, CancellationToken ct)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = ct };
        await System.Threading.Tasks.Parallel.ForEachAsync(puts, options, async (put, stop) =>
        {
            var revision = await connection.Keys.PutAsync(put.KeyBytes, put.Value, put.LeaseId, stop);
            Interlocked.Increment(ref _puts);
            Interlocked.Add(ref _valueBytes, put.Value!.Length);
            InterlockedMax(ref _revision, revision);
        });
        return new ChangeReport(_puts, _valueBytes, _revision);
    }

    private static void InterlockedMax(ref long place, long value)
    {
        var seen = Interlocked.Read(ref place);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref place, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
