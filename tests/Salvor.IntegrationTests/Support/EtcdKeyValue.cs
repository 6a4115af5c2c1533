using System.Text.Json;

namespace Salvor.IntegrationTests.Support;

/// <summary>
/// One key as the real etcdctl told it. Key and value are base64 of the raw bytes, which compare well and print.
/// </summary>
public sealed record EtcdKeyValue(
    string Key, string Value, long CreateRevision, long ModRevision, long Version, long Lease)
{
    public static EtcdKeyValue Parse(JsonElement item) => new(
        item.GetProperty("key").GetString()!,
        item.TryGetProperty("value", out var value) ? value.GetString()! : "",
        item.GetProperty("create_revision").GetInt64(),
        item.GetProperty("mod_revision").GetInt64(),
        item.GetProperty("version").GetInt64(),
        item.TryGetProperty("lease", out var lease) ? lease.GetInt64() : 0);
}
