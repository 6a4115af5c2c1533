using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Salvor.IntegrationTests.Support;

/// <summary>
/// What a running etcd holds, as its own etcdctl tells it: its revisions, the newest of them one by one, the leases and
/// the hash.
/// </summary>
public sealed class KeyspaceTruth
{
    private const int EveryRevisionUpTo = 60;
    private const int Step = 37;

    private readonly List<string> _lines = [];
    private string _hash = "";

    public long Head { get; private init; }

    /// <summary>Whether this etcd's hash counts tombstones at the compaction revision that others leave out.</summary>
    private bool CountsTombstones { get; init; }

    public static async Task<KeyspaceTruth> AskAsync(EtcdServer etcd)
    {
        var truth = new KeyspaceTruth
        {
            Head = await etcd.Etcdctl.RevisionAsync(),
            CountsTombstones = etcd.Binaries.Is34 && etcd.Binaries.Version < new Version(3, 4, 34),
        };
        await truth.AddHashAsync(etcd);
        await truth.AddRevisionsAsync(etcd);
        await truth.AddLeasesAsync(etcd);
        return truth;
    }

    /// <summary>The newest keys and values in the workload model's own words.</summary>
    public static async Task<string> ShowKeysAsync(EtcdServer etcd) => string.Join('\n',
        (await etcd.Etcdctl.GetAllAsync()).Select(k => $"{Decode(k.Key)}={Decode(k.Value)} lease {k.Lease:x}"));

    /// <param name="other">What it should be.</param>
    /// <param name="mayLackTombstones">
    /// A compaction may have left tombstones out that etcd keeps, which hashes before 3.4.34 and 3.5.16 show.
    /// </param>
    public void ShouldEqual(KeyspaceTruth other, bool mayLackTombstones = false)
    {
        Assert.Equal(other.Head, Head);
        for (var i = 0; i < Math.Min(_lines.Count, other._lines.Count); i++)
        {
            Assert.Equal(other._lines[i], _lines[i]);
        }

        Assert.Equal(other._lines.Count, _lines.Count);
        if (!mayLackTombstones || !CountsTombstones)
        {
            Assert.Equal(other._hash, _hash);
        }
    }

    private async Task AddHashAsync(EtcdServer etcd)
    {
        var hash = (await etcd.Etcdctl.DoJsonAsync("endpoint", "hashkv"))[0].GetProperty("HashKV");
        _hash = $"{hash.GetProperty("hash")} compacted {hash.GetProperty("compact_revision")}";
    }

    private async Task AddRevisionsAsync(EtcdServer etcd)
    {
        for (var revision = Head; revision > 1; revision -= revision > Head - EveryRevisionUpTo ? 1 : Step)
        {
            var answer = await etcd.Etcdctl.RunAsync("get", "", "--from-key", $"--rev={revision}", "-w", "json");
            if (answer.ExitCode != 0)
            {
                Assert.Contains("compacted", answer.Stderr, StringComparison.Ordinal);
                Add($"revision {revision} compacted");
                break;
            }

            Add($"revision {revision}");
            if (answer.Json().TryGetProperty("kvs", out var items))
            {
                _lines.AddRange(items.EnumerateArray()
                    .Select(item => $"revision {revision}: {EtcdKeyValue.Parse(item)}"));
            }
        }
    }

    private async Task AddLeasesAsync(EtcdServer etcd)
    {
        var answer = await etcd.Etcdctl.DoJsonAsync("lease", "list");
        if (!answer.TryGetProperty("leases", out var leases) || leases.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var id in leases.EnumerateArray().Select(l => l.GetProperty("id").GetInt64()).Order())
        {
            var name = id.ToString("x", CultureInfo.InvariantCulture);
            var state = await etcd.Etcdctl.DoJsonAsync("lease", "timetolive", name, "--keys");
            var isAttached = state.TryGetProperty("keys", out var attached)
                && attached.ValueKind == JsonValueKind.Array;
            var keys = isAttached
                ? attached.EnumerateArray().Select(k => k.GetString()!).Order(StringComparer.Ordinal)
                : Enumerable.Empty<string>();
            Add($"lease {name} granted {state.GetProperty("granted-ttl")} keys {string.Join(',', keys)}");
        }
    }

    private void Add(FormattableString line) => _lines.Add(FormattableString.Invariant(line));

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
