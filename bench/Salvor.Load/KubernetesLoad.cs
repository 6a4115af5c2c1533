using System.Globalization;

namespace Salvor.Load;

/// <summary>
/// The writes that fill an etcd as a small Kubernetes cluster does, in order, the same for the same options.
/// </summary>
public sealed class KubernetesLoad(LoadOptions options)
{
    /// <summary>Leases are numbered from here, so that they are the same in each run.</summary>
    public const long FirstLeaseId = 0x5A1_0000;

    private const int NamespaceCount = 40;
    private const int KeysPerLease = 1000;

    /// <summary>Pages are not full: measured, values are this share of the file that etcd 3.5 makes of them.</summary>
    private const double ValueShareOfFile = 0.66;

    private const int ValueBytesMin = 450;

    /// <summary>The leases that the writes refer to; they must be granted first.</summary>
    public IEnumerable<long> Leases()
    {
        for (var i = 0; i <= options.KeyCount / KeysPerLease; i++)
        {
            yield return FirstLeaseId + i;
        }
    }

    private double MeanValueBytes =>
        options.DatabaseBytes * ValueShareOfFile / (options.KeyCount * (1 + (options.Churn * 0.9)));

    /// <summary>Every key once.</summary>
    public IEnumerable<LoadOperation> Creations()
    {
        var random = new Random(options.Seed);
        for (var i = 0; i < options.KeyCount; i++)
        {
            yield return Put(i, generation: 1, MeanValueBytes, random);
        }
    }

    /// <summary>The changes and deletions that come after.</summary>
    public IEnumerable<LoadOperation> Churn()
    {
        var random = new Random(unchecked(options.Seed + 1));
        var changes = (long)(options.KeyCount * options.Churn);
        for (var i = 0L; i < changes; i++)
        {
            var index = random.Next(options.KeyCount);
            yield return i % 10 == 9
                ? new LoadOperation(KeyOf(index), null, LeaseId: 0)
                : Put(index, generation: 2, MeanValueBytes, random);
        }
    }

    /// <summary>Puts to keys of the load, without end and without leases, which may have run out by then.</summary>
    public IEnumerable<LoadOperation> Changes(int seed, int valueBytesMean)
    {
        var random = new Random(seed);
        while (true)
        {
            var put = Put(random.Next(options.KeyCount), generation: 3, valueBytesMean, random);
            yield return put with { LeaseId = 0 };
        }
    }

    private static ResourceKind KindOf(int index)
    {
        var place = index * 37 % 100; // 37 and 100 share no factor: kinds are mixed, and every share is met exactly.
        foreach (var kind in ResourceKind.All)
        {
            place -= kind.Share;
            if (place < 0)
            {
                return kind;
            }
        }

        throw new InvalidOperationException("The shares of the resource kinds do not add up to 100.");
    }

    private static string NamespaceOf(int index) => $"team-{index / 7 % NamespaceCount:d2}";

    /// <summary>Names come in no order, so that keys are written all over the key space.</summary>
    private static string NameOf(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"workload-{unchecked((uint)index * 2654435761u):x8}-{index:d7}");

    private static string KeyOf(int index) => $"/registry/{KindOf(index).Path}/{NamespaceOf(index)}/{NameOf(index)}";

    private static LoadOperation Put(int index, int generation, double meanBytes, Random random)
    {
        var kind = KindOf(index);
        var bytes = Math.Max(ValueBytesMin, (int)(meanBytes * kind.Weight * (0.6 + (random.NextDouble() * 0.8))));
        var value = KubernetesObject.Write(kind, NamespaceOf(index), NameOf(index), generation, bytes, random);
        return new LoadOperation(KeyOf(index), value, kind.HasLease ? FirstLeaseId + (index / KeysPerLease) : 0);
    }
}
