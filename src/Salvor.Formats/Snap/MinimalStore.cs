using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Salvor.Formats.Snap;

/// <summary>The version-2 store of a new single member: the least that every etcd boots from.</summary>
/// <remarks>
/// 3.4 and 3.5 take the members from here. Anything outside <c>/0</c> and an empty <c>/1</c> would make 3.6 refuse to
/// start.
/// A node is a directory exactly if its Children are not null.
/// </remarks>
public static class MinimalStore
{
    // Go leaves most characters alone, and etcd's parser takes both forms; the bytes are then the ones that its tools
    // write.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Encode(ulong memberId, IReadOnlyList<string> peerUrls)
    {
        var member = memberId.ToString("x", CultureInfo.InvariantCulture);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            OpenDirectory(json, "Root", "/", 0);
            OpenDirectory(json, "0", "/0", 0);
            OpenDirectory(json, "members", "/0/members", 1);
            OpenDirectory(json, member, $"/0/members/{member}", 1);
            WriteNodeHead(json, "raftAttributes", $"/0/members/{member}/raftAttributes", 1, RaftAttributes(peerUrls));
            json.WriteNull("Children");
            json.WriteEndObject();
            CloseDirectories(json, 3);
            OpenDirectory(json, "1", "/1", 0);
            CloseDirectories(json, 2);
            json.WriteNumber("CurrentIndex", 1);
            json.WriteNumber("CurrentVersion", 2);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string RaftAttributes(IReadOnlyList<string> peerUrls)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("peerURLs");
            foreach (var url in peerUrls)
            {
                json.WriteStringValue(url);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void OpenDirectory(Utf8JsonWriter json, string name, string path, int index)
    {
        WriteNodeHead(json, name, path, index, value: "");
        json.WriteStartObject("Children");
    }

    private static void CloseDirectories(Utf8JsonWriter json, int count)
    {
        for (var i = 0; i < count; i++)
        {
            json.WriteEndObject(); // Children
            json.WriteEndObject();
        }
    }

    private static void WriteNodeHead(Utf8JsonWriter json, string name, string path, int index, string value)
    {
        json.WriteStartObject(name);
        json.WriteString("Path", path);
        json.WriteNumber("CreatedIndex", index);
        json.WriteNumber("ModifiedIndex", index);
        json.WriteString("ExpireTime", "0001-01-01T00:00:00Z");
        json.WriteString("Value", value);
    }
}
