using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Salvage;

/// <summary>What a real etcd says that it holds: at every revision that it still has.</summary>
public sealed class KeyspaceTruth
{
    private readonly SortedDictionary<long, IReadOnlyList<EtcdKeyValue>> _revisions = [];

    public long Head { get; private init; }

    private uint HashKv { get; init; }

    private string Leases { get; init; } = "";

    public static async Task<KeyspaceTruth> AskAsync(EtcdServer etcd)
    {
        var head = await etcd.Etcdctl.RevisionAsync();
        var leases = await etcd.Etcdctl.DoAsync("lease", "list");
        var truth = new KeyspaceTruth { Head = head, HashKv = await etcd.Etcdctl.HashKvAsync(), Leases = Sorted(leases) };
        for (var revision = head; revision > 1; revision -= revision > head - 40 ? 1 : 37)
        {
            var answer = await etcd.Etcdctl.RunAsync("get", "", "--from-key", $"--rev={revision}", "-w", "json");
            if (answer.ExitCode != 0)
            {
                Assert.Contains("compacted", answer.Stderr, StringComparison.Ordinal);
                truth._revisions[revision] = [];
                break;
            }

            truth._revisions[revision] = answer.Json().TryGetProperty("kvs", out var items)
                ? [.. items.EnumerateArray().Select(EtcdKeyValue.Parse)]
                : [];
        }

        return truth;
    }

    public void ShouldEqual(KeyspaceTruth other)
    {
        Assert.Equal(other.Head, Head);
        Assert.Equal(other.Leases, Leases);
        Assert.Equal(other._revisions.Keys, _revisions.Keys);
        foreach (var (revision, keys) in other._revisions)
        {
            Assert.True(keys.SequenceEqual(_revisions[revision]), $"revision {revision} differs");
        }

        Assert.Equal(other.HashKv, HashKv);
    }

    private static string Sorted(string lines) => string.Join('\n', lines.Split('\n').Order(StringComparer.Ordinal));
}
