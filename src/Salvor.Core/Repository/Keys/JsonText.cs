using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Salvor.Formats;

namespace Salvor.Repository.Keys;

/// <summary>The small JSON objects that stand unsealed in a repository.</summary>
internal static class JsonText
{
    private const int DepthMax = 16;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    // Read by people who look into their bucket, never spliced into HTML: + may stay what it is.
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Write(Action<Utf8JsonWriter> writeProperties)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            writeProperties(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="CorruptDataException">It is no JSON object.</exception>
    public static JsonDocument Parse(string source, ReadOnlyMemory<byte> content)
    {
        JsonDocument document;
        try
        {
            // Bytes that are no UTF-8 are found only when a string is read, so they are looked for first.
            _ = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)
                .GetCharCount(content.Span);
            document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = DepthMax });
        }
        catch (JsonException e)
        {
            throw new CorruptDataException(source, 0, $"it is no JSON (line {e.LineNumber + 1})");
        }
        catch (ArgumentException)
        {
            throw new CorruptDataException(source, 0, "it is no JSON, nor any UTF-8 text");
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw new CorruptDataException(source, 0, "it is no JSON object");
    }

    public static string Text(string source, JsonElement root, string name) =>
        TextOrNull(root, name) ?? throw new CorruptDataException(source, 0, $"its '{name}' is missing or no text");

    public static string? TextOrNull(JsonElement root, string name)
    {
        try
        {
            return root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair, as an escape.
        }
    }

    public static string TimeOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(string source, JsonElement root, string name) =>
        DateTimeOffset.TryParse(Text(source, root, name), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new CorruptDataException(source, 0, $"its '{name}' is no time");
}
