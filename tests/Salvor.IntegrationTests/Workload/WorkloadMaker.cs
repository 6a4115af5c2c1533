using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Salvor.IntegrationTests.Workload;

/// <summary>Makes random requests of every kind that changes a keyspace; the same seed makes the same ones.</summary>
internal sealed class WorkloadMaker(Random random)
{
    private const int KeysMax = 60;

    private long _nextLease = 0x1000;
    private int _nextValue;

    /// <summary>Whether history is compacted now and then.</summary>
    public bool Compacts { get; init; } = true;

    /// <param name="model">What the keyspace holds now.</param>
    /// <param name="revision">Its newest revision, for compactions.</param>
    public WorkloadStep Next(WorkloadModel model, long revision) => random.Next(100) switch
    {
        < 45 => Put(model),
        < 57 => Delete(),
        < 62 => DeleteRange(),
        < 82 => Transaction(model, depth: 0),
        < 87 => Grant(),
        < 90 when model.Leases.Count > 0 => Revoke(Pick(model.Leases)),
        < 94 when Compacts => Compact(revision),
        < 96 => new WorkloadStep("/v3/maintenance/defragment", "{}", _ => { }),
        _ => Put(model),
    };

    private WorkloadStep Put(WorkloadModel model)
    {
        var key = Key();
        var (value, lease) = (Value(), Lease(model));
        return new WorkloadStep("/v3/kv/put", PutBody(key, value, lease).ToJsonString(), m => m.Put(key, value, lease));
    }

    private WorkloadStep Delete()
    {
        var key = Key();
        var body = new JsonObject { ["key"] = Base64(key) }.ToJsonString();
        return new WorkloadStep("/v3/kv/deleterange", body, m => m.Delete(key));
    }

    private WorkloadStep DeleteRange()
    {
        var (from, to) = (Key(), Key());
        var body = new JsonObject { ["key"] = Base64(from), ["range_end"] = Base64(to) };
        return new WorkloadStep("/v3/kv/deleterange", body.ToJsonString(), m => m.DeleteRange(from, to));
    }

    private WorkloadStep Grant()
    {
        var id = _nextLease++;
        var body = new JsonObject { ["ID"] = Text(id), ["TTL"] = Text(random.Next(600, 6000)) };
        return new WorkloadStep("/v3/lease/grant", body.ToJsonString(), m => m.Grant(id));
    }

    private static WorkloadStep Revoke(long lease) =>
        new("/v3/lease/revoke", new JsonObject { ["ID"] = Text(lease) }.ToJsonString(), m => m.Revoke(lease));

    private WorkloadStep Compact(long revision)
    {
        var at = Math.Max(1, revision - random.Next(0, 12));
        var body = new JsonObject { ["revision"] = Text(at), ["physical"] = random.Next(2) == 0 }.ToJsonString();
        return new WorkloadStep("/v3/kv/compaction", body, _ => { });
    }

    private WorkloadStep Transaction(WorkloadModel model, int depth)
    {
        var (body, apply) = TransactionBody(model, new Queue<string>(Keys(random.Next(2, 8))), depth);
        return new WorkloadStep("/v3/kv/txn", body.ToJsonString(), apply);
    }

    /// <summary>
    /// A transaction over keys that no other part of it may touch; the compares look at the state before all of it.
    /// </summary>
    private (JsonObject Body, Action<WorkloadModel> Apply) TransactionBody(
        WorkloadModel model, Queue<string> keys, int depth)
    {
        var compared = Key();
        var wantsMissing = random.Next(2) == 0;
        var expected = wantsMissing ? null : model.ValueOf(compared) ?? "never";
        var holds = wantsMissing ? !model.Exists(compared) : model.ValueOf(compared) == expected;
        var compare = wantsMissing
            ? new JsonObject { ["target"] = "VERSION", ["key"] = Base64(compared), ["version"] = "0" }
            : new JsonObject { ["target"] = "VALUE", ["key"] = Base64(compared), ["value"] = Base64(expected!) };
        var half = keys.Count / 2;
        var success = Operations(model, new Queue<string>(keys.Take(half)), depth);
        var failure = Operations(model, new Queue<string>(keys.Skip(half)), depth);
        var body = new JsonObject
        {
            ["compare"] = new JsonArray(compare),
            ["success"] = success.Body,
            ["failure"] = failure.Body,
        };
        return (body, holds ? success.Apply : failure.Apply);
    }

    private (JsonArray Body, Action<WorkloadModel> Apply) Operations(WorkloadModel model, Queue<string> keys, int depth)
    {
        var body = new JsonArray();
        Action<WorkloadModel> apply = _ => { };
        while (keys.TryDequeue(out var key))
        {
            if (depth < 2 && keys.Count > 2 && random.Next(4) == 0)
            {
                var inner = TransactionBody(model, keys, depth + 1);
                body.Add(new JsonObject { ["request_txn"] = inner.Body });
                apply += inner.Apply;
                break;
            }

            if (random.Next(4) == 0)
            {
                body.Add(new JsonObject { ["request_delete_range"] = new JsonObject { ["key"] = Base64(key) } });
                apply += m => m.Delete(key);
            }
            else
            {
                var (value, lease) = (Value(), Lease(model));
                body.Add(new JsonObject { ["request_put"] = PutBody(key, value, lease) });
                apply += m => m.Put(key, value, lease);
            }
        }

        return (body, apply);
    }

    private HashSet<string> Keys(int count)
    {
        var keys = new HashSet<string>();
        while (keys.Count < count)
        {
            keys.Add(Key());
        }

        return keys;
    }

    private string Key() =>
        string.Create(CultureInfo.InvariantCulture, $"/registry/things/{random.Next(KeysMax):d3}");

    private string Value()
    {
        // Mostly small; now and then one that needs overflow pages, or a log record over many sectors.
        var length = random.Next(20) == 0 ? random.Next(5_000, 60_000) : random.Next(0, 300);
        var filler = new string((char)('a' + random.Next(26)), length);
        return string.Create(CultureInfo.InvariantCulture, $"value-{_nextValue++}-") + filler;
    }

    private long Lease(WorkloadModel model) => model.Leases.Count > 0 && random.Next(5) == 0 ? Pick(model.Leases) : 0;

    private long Pick(IReadOnlyCollection<long> leases) => leases.Order().ElementAt(random.Next(leases.Count));

    private static JsonObject PutBody(string key, string value, long lease) =>
        new() { ["key"] = Base64(key), ["value"] = Base64(value), ["lease"] = Text(lease) };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
