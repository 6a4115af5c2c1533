using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Salvor.IntegrationTests.Salvage;

/// <summary>
/// Seeded requests of every kind, sent through etcd's JSON gateway (its command line client can't nest transactions).
/// </summary>
/// <remarks>Some are meant to be refused, before or when they are applied: a log holds such entries too.</remarks>
public sealed class GatewayWorkload(string endpoint, int seed) : IDisposable
{
    private static readonly string[] Prefixes = ["/registry/pods/", "/registry/leases/", "/a", "/z/"];

    private readonly HttpClient _http = new() { BaseAddress = new Uri(endpoint), Timeout = TimeSpan.FromSeconds(30) };
    private readonly Random _random = new(seed);
    private readonly List<string> _leases = [];
    private long _revision = 1;
    private long _compacted;

    /// <summary>Requests that etcd answered with success.</summary>
    public int Accepted { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Whether compactions are among the requests.</summary>
    public bool Compacts { get; init; } = true;

    public void Dispose() => _http.Dispose();

    public async Task RunAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await StepAsync();
        }
    }

    private Task StepAsync() => _random.Next(100) switch
    {
        < 40 => SendAsync("/v3/kv/put", Put(Key())),
        < 50 => SendAsync("/v3/kv/deleterange", Delete()),
        < 80 => SendAsync("/v3/kv/txn", Txn(depth: 0)),
        < 85 => GrantAsync(),
        < 88 => RevokeAsync(),
        < 91 when Compacts => CompactAsync(),
        < 95 => SendAsync("/v3/kv/put", new JsonObject { ["key"] = Base64(Key()), ["ignore_value"] = true }),
        < 98 => SendAsync("/v3/kv/put", new JsonObject
        {
            ["key"] = Base64(Key()),
            ["value"] = Base64("kept lease"),
            ["ignore_lease"] = true,
        }),
        _ => SendAsync("/v3/kv/put", new JsonObject
        {
            ["key"] = Base64(Key()),
            ["value"] = Base64("x"),
            ["lease"] = "987654321",
        }),
    };

    private string Key() => Prefixes[_random.Next(Prefixes.Length)] + _random.Next(12);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private JsonObject Put(string key)
    {
        var put = new JsonObject { ["key"] = Base64(key), ["value"] = Base64(Value()) };
        if (_leases.Count > 0 && _random.Next(4) == 0)
        {
            put["lease"] = _leases[_random.Next(_leases.Count)];
        }

        return put;
    }

    private string Value() => _random.Next(20) == 0
        ? new string((char)('a' + _random.Next(26)), _random.Next(1, 20_000))
        : $"value {_random.Next(100)}";

    private JsonObject Delete() => _random.Next(3) switch
    {
        0 => new JsonObject { ["key"] = Base64(Key()) },
        1 => new JsonObject { ["key"] = Base64("/registry/pods/3"), ["range_end"] = Base64("/registry/pods/7") },
        _ => new JsonObject { ["key"] = Base64("/z/8"), ["range_end"] = Base64("\0") },
    };

    private JsonArray Operations(int count, int depth, HashSet<string> used) =>
        new([.. Enumerable.Range(0, count).Select(_ => (JsonNode)Operation(depth, used))]);

    private JsonObject Txn(int depth)
    {
        // One key is changed by one operation only: etcd lets nothing else in. Each operation gets keys of its own.
        var used = new HashSet<string>();
        return new JsonObject
        {
            ["compare"] = new JsonArray([.. Enumerable.Range(0, _random.Next(3)).Select(_ => (JsonNode)Compare())]),
            ["success"] = Operations(_random.Next(1, 4), depth, used),
            ["failure"] = Operations(_random.Next(1, 3), depth, used),
        };
    }

    private JsonObject Operation(int depth, HashSet<string> used)
    {
        var kind = _random.Next(10);
        if (kind < 2 && depth < 2)
        {
            return new JsonObject { ["request_txn"] = Txn(depth + 1) };
        }

        if (kind == 2)
        {
            var deleted = new JsonObject { ["key"] = Base64($"/only-deleted/{depth}/{_random.Next(4)}") };
            return new JsonObject { ["request_delete_range"] = deleted };
        }

        if (kind == 3)
        {
            return new JsonObject
            {
                ["request_range"] = new JsonObject
                {
                    ["key"] = Base64(Key()),
                    ["revision"] = _random.Next(8) == 0 ? "99999" : "0",
                },
            };
        }

        var key = Key();
        while (!used.Add(key))
        {
            key = $"/t{depth}/{_random.Next(100)}";
        }

        return new JsonObject { ["request_put"] = Put(key) };
    }

    private JsonObject Compare()
    {
        var compare = new JsonObject
        {
            ["key"] = Base64(Key()),
            ["result"] = new[] { "EQUAL", "GREATER", "LESS", "NOT_EQUAL" }[_random.Next(4)],
        };
        var number = _random.Next(3) == 0
            ? "0"
            : _random.NextInt64(1, Math.Max(2, _revision)).ToString(CultureInfo.InvariantCulture);
        switch (_random.Next(5))
        {
            case 0:
                compare["target"] = "VERSION";
                compare["version"] = _random.Next(4).ToString(CultureInfo.InvariantCulture);
                break;
            case 1:
                compare["target"] = "CREATE";
                compare["create_revision"] = number;
                break;
            case 2:
                compare["target"] = "MOD";
                compare["mod_revision"] = number;
                break;
            case 3:
                compare["target"] = "VALUE";
                compare["value"] = Base64($"value {_random.Next(100)}");
                break;
            default:
                compare["target"] = "LEASE";
                compare["lease"] = _leases.Count > 0 && _random.Next(2) == 0 ? _leases[0] : "0";
                break;
        }

        if (_random.Next(4) == 0)
        {
            compare["range_end"] = Base64(_random.Next(2) == 0 ? "\0" : "/registry/pods/9");
        }

        return compare;
    }

    private async Task GrantAsync()
    {
        var id = _random.Next(1, 1_000_000).ToString(CultureInfo.InvariantCulture);
        await SendAsync("/v3/lease/grant", new JsonObject { ["ID"] = id, ["TTL"] = "3600" });
        _leases.Add(id);
    }

    private async Task RevokeAsync()
    {
        if (_leases.Count > 0)
        {
            var id = _leases[_random.Next(_leases.Count)];
            await SendAsync("/v3/lease/revoke", new JsonObject { ["ID"] = id });
            if (_random.Next(4) > 0)
            {
                _leases.Remove(id); // Else later puts name a lease that is gone, and are refused.
            }
        }
    }

    private Task CompactAsync()
    {
        var at = _random.NextInt64(_compacted, _revision + 2);
        _compacted = Math.Max(_compacted, at);
        return SendAsync("/v3/kv/compaction", new JsonObject { ["revision"] = at, ["physical"] = true });
    }

    private async Task SendAsync(string path, JsonObject body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            Refused++;
            return;
        }

        Accepted++;
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(text);
        if (json.RootElement.TryGetProperty("header", out var header)
            && header.TryGetProperty("revision", out var revision))
        {
            _revision = Math.Max(_revision, long.Parse(revision.GetString()!, CultureInfo.InvariantCulture));
        }
    }
}
