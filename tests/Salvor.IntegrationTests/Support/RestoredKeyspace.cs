using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd;

namespace Salvor.IntegrationTests.Support;

/// <summary>What a data directory's database holds, by our own reader: for where booting an etcd would take too long.
/// </summary>
internal static class RestoredKeyspace
{
    /// <summary>Every living key with all its metadata, in key order.</summary>
    public static IReadOnlyList<EtcdKeyValue> Read(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "member", "snap", "db");
        var image = BboltImage.Open(new MemoryByteSource(path, File.ReadAllBytes(path)));
        // In hex, keys sort as their bytes do.
        var living = new SortedDictionary<string, EtcdKeyValue>(StringComparer.Ordinal);
        image.Visit(image.ReadBuckets(image.Strict).Single(b => b.NameText == "key"), image.Strict, element =>
        {
            Assert.True(RevisionKey.TryRead(element.Key, out var revision));
            Assert.True(KeyValue.TryRead(element.Value, out var pair));
            var name = Convert.ToHexString(pair.Key);
            if (revision.IsTombstone)
            {
                living.Remove(name);
                return;
            }

            living[name] = new EtcdKeyValue(
                Convert.ToBase64String(pair.Key), Convert.ToBase64String(pair.Value), pair.CreateRevision,
                pair.ModRevision, pair.Version, pair.Lease);
        });

        return [.. living.Values];
    }
}
