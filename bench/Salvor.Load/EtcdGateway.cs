using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Salvor.Load;

/// <summary>etcd's JSON gateway: enough to write with, and independent of the client that is under test.</summary>
public sealed class EtcdGateway(Uri endpoint) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly HttpClient _http = new() { BaseAddress = endpoint, Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Grants a lease of an hour under an id of the caller's choice.</summary>
    public Task GrantLeaseAsync(long id, CancellationToken ct) => PostAsync("/v3/lease/grant", writer =>
    {
        writer.WriteString("ID"u8, Text(id));
        writer.WriteString("TTL"u8, "3600"u8);
    }, ct);

    /// <summary>Applies all operations as one transaction. They must not touch a key twice.</summary>
    public Task ApplyAsync(IReadOnlyList<LoadOperation> operations, CancellationToken ct) =>
        PostAsync("/v3/kv/txn", writer => WriteTransaction(writer, operations), ct);

    /// <summary>The size of etcd's database file, in bytes.</summary>
    public async Task<long> DatabaseBytesAsync(CancellationToken ct)
    {
        using var answer = await PostAsync("/v3/maintenance/status", _ => { }, ct);
        return long.Parse(answer.RootElement.GetProperty("dbSize").GetString()!, null);
    }

    public void Dispose() => _http.Dispose();

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void WriteTransaction(Utf8JsonWriter writer, IReadOnlyList<LoadOperation> operations)
    {
        writer.WriteStartArray("success"u8);
        foreach (var operation in operations)
        {
            writer.WriteStartObject();
            writer.WriteStartObject(operation.Value is null ? "requestDeleteRange"u8 : "requestPut"u8);
            writer.WriteBase64String("key"u8, operation.KeyBytes);
            if (operation.Value is { } value)
            {
                writer.WriteBase64String("value"u8, value);
                writer.WriteString("lease"u8, Text(operation.LeaseId));
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private async Task<JsonDocument> PostAsync(string path, Action<Utf8JsonWriter> write, CancellationToken ct)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        using var content = new ReadOnlyMemoryContent(buffer.WrittenMemory);
        content.Headers.ContentType = Json;
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(text)
            : throw new HttpRequestException($"etcd answered {path} with {(int)answer.StatusCode}: {text}");
    }
}
