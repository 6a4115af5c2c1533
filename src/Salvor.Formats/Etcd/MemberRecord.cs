using System.Buffers;
using System.Text.Json;

namespace Salvor.Formats.Etcd;

/// <summary>
/// A member as etcd stores it: JSON in the <c>members</c> bucket, in the v2 store and in membership changes.
/// </summary>
/// <remarks>The id is a JSON number of up to 64 bits; false and empty fields are left out; the order is Go's.</remarks>
public sealed record MemberRecord(MemberId Id, IReadOnlyList<string> PeerUrls)
{
    private const int JsonBytesMax = 1 << 20;

    public bool IsLearner { get; init; }

    public string Name { get; init; } = "";

    public IReadOnlyList<string> ClientUrls { get; init; } = [];

    /// <summary>Reads the JSON form; null when it is not that.</summary>
    public static MemberRecord? TryRead(ReadOnlySpan<byte> json)
    {
        if (json.Length > JsonBytesMax)
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("id", out var id)
                && id.TryGetUInt64(out var value)
                ? new MemberRecord(new MemberId(value), Strings(root, "peerURLs"))
                {
                    IsLearner = root.TryGetProperty("isLearner", out var learner)
                        && learner.ValueKind == JsonValueKind.True,
                    Name = root.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
                        ? name.GetString()!
                        : "",
                    ClientUrls = Strings(root, "clientURLs"),
                }
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with broken UTF-8 or surrogates, or a number where text should be.
            return null;
        }
    }

    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = false }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", Id.Value);
            WriteStrings(writer, "peerURLs", PeerUrls);
            if (IsLearner)
            {
                writer.WriteBoolean("isLearner", true);
            }

            if (Name.Length > 0)
            {
                writer.WriteString("name", Name);
            }

            if (ClientUrls.Count > 0)
            {
                WriteStrings(writer, "clientURLs", ClientUrls);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static string[] Strings(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array
            ? [.. array.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)]
            : [];
}
