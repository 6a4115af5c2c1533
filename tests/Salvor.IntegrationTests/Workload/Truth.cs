using System.Globalization;
using System.Text;
using System.Text.Json;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Workload;

/// <summary>
/// What a running etcd holds, as its own etcdctl tells it: every revision that is left, the leases and the hash.
/// </summary>
internal static class Truth
{
    private const int RevisionsMax = 60;

    public static async Task<string> RecordAsync(EtcdServer etcd)
    {
        var text = new StringBuilder();
        var head = await etcd.Etcdctl.RevisionAsync();
        text.AppendLine(CultureInfo.InvariantCulture, $"head {head}");
        await AppendHashAsync(text, etcd);
        for (var revision = head; revision >= Math.Max(1, head - RevisionsMax); revision--)
        {
            if (!await TryAppendRevisionAsync(text, etcd, revision))
            {
                break;
            }
        }

        await AppendLeasesAsync(text, etcd);
        return text.ToString();
    }

    /// <summary>The newest keys and values in the model's own words.</summary>
    public static async Task<string> ShowKeysAsync(EtcdServer etcd) => string.Join('\n', (await etcd.Etcdctl.GetAllAsync())
        .Select(k => $"{Decode(k.Key)}={Decode(k.Value)} lease {k.Lease:x}"));

    private static async Task AppendHashAsync(StringBuilder text, EtcdServer etcd)
    {
        // Before 3.4.34 and 3.5.16 a tombstone at the compaction revision counted when it was there.
        var countsTombstones = etcd.Binaries.Is34 && etcd.Binaries.Version < new Version(3, 4, 34);
        if (countsTombstones)
        {
            return;
        }

        var hash = (await etcd.Etcdctl.DoJsonAsync("endpoint", "hashkv"))[0].GetProperty("HashKV");
        text.AppendLine(CultureInfo.InvariantCulture, $"hash {hash.GetProperty("hash")} compacted {hash.GetProperty("compact_revision")}");
    }

    private static async Task<bool> TryAppendRevisionAsync(StringBuilder text, EtcdServer etcd, long revision)
    {
        var answer = await etcd.Etcdctl.RunAsync("get", "", "--from-key", $"--rev={revision}", "-w", "json");
        if (answer.ExitCode != 0)
        {
            Assert.Contains("compacted", answer.Stderr, StringComparison.Ordinal);
            text.AppendLine(CultureInfo.InvariantCulture, $"revision {revision} compacted");
            return false;
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"revision {revision}");
        if (answer.Json().TryGetProperty("kvs", out var items))
        {
            foreach (var item in items.EnumerateArray().Select(EtcdKeyValue.Parse))
            {
                text.AppendLine(item.ToString());
            }
        }

        return true;
    }

    private static async Task AppendLeasesAsync(StringBuilder text, EtcdServer etcd)
    {
        var answer = await etcd.Etcdctl.DoJsonAsync("lease", "list");
        if (!answer.TryGetProperty("leases", out var leases) || leases.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var id in leases.EnumerateArray().Select(l => l.GetProperty("id").GetInt64()).Order())
        {
            var state = await etcd.Etcdctl.DoJsonAsync("lease", "timetolive", id.ToString("x", CultureInfo.InvariantCulture), "--keys");
            IEnumerable<string?> keys = state.TryGetProperty("keys", out var attached) && attached.ValueKind == JsonValueKind.Array
                ? attached.EnumerateArray().Select(k => k.GetString()).Order(StringComparer.Ordinal)
                : [];
            text.AppendLine(CultureInfo.InvariantCulture, $"lease {id:x} granted {state.GetProperty("granted-ttl")} keys {string.Join(',', keys)}");
        }
    }

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
