using System.Text;
using Salvor.Formats.Etcd;
using Salvor.Formats.Protobuf;

namespace Salvor.Inspect;

/// <summary>A stored value as people read it, labelled with what it is.</summary>
/// <param name="Label">As in <c>Kubernetes protobuf, v1 Pod</c>.</param>
/// <param name="Text">The value.</param>
/// <remarks>
/// apiserver puts <c>k8s\0</c> before a runtime.Unknown message {1: {1: apiVersion, 2: kind}, 2: the object}, and
/// <c>k8s:enc:PROVIDER:v1:KEY:</c> before what it encrypts; custom resources are JSON.
/// </remarks>
public sealed record ValueText(string Label, string Text)
{
    private static ReadOnlySpan<byte> KubernetesPrefix => "k8s\0"u8;

    private static ReadOnlySpan<byte> EncryptedPrefix => "k8s:enc:"u8;

    public static ValueText Of(ReadOnlySpan<byte> value) => value switch
    {
        [] => new ValueText("empty", ""),
        _ when value.StartsWith(KubernetesPrefix) => OfKubernetes(value[KubernetesPrefix.Length..]),
        _ when value.StartsWith(EncryptedPrefix) => OfEncrypted(value),
        [(byte)'{' or (byte)'[', ..] when TextGuess.IsText(value) =>
            new ValueText("JSON", Encoding.UTF8.GetString(value)),
        _ when TextGuess.IsText(value) => new ValueText("text", Encoding.UTF8.GetString(value)),
        _ when ProtobufText.IsMessage(value) => new ValueText("protobuf", Dump(value)),
        _ => new ValueText("binary", Convert.ToHexStringLower(value)),
    };

    private static ValueText OfKubernetes(ReadOnlySpan<byte> message)
    {
        var apiVersion = "";
        var kind = "";
        ReadOnlySpan<byte> content = default;
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out var number, out var type))
        {
            if (number is 1 or 2 && type == WireType.Bytes && reader.TryReadBytes(out var bytes))
            {
                if (number == 1)
                {
                    ReadTypeMeta(bytes, ref apiVersion, ref kind);
                }
                else
                {
                    content = bytes;
                }
            }
            else if (!reader.TrySkip(type))
            {
                break;
            }
        }

        return reader.IsMalformed
            ? new ValueText("Kubernetes protobuf, damaged", Convert.ToHexStringLower(message))
            : new ValueText($"Kubernetes protobuf, {apiVersion} {kind}", Dump(content));
    }

    private static void ReadTypeMeta(ReadOnlySpan<byte> message, ref string apiVersion, ref string kind)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out var number, out var type) && type == WireType.Bytes
            && reader.TryReadBytes(out var text))
        {
            apiVersion = number == 1 ? KeyText.Show(text) : apiVersion;
            kind = number == 2 ? KeyText.Show(text) : kind;
        }
    }

    private static ValueText OfEncrypted(ReadOnlySpan<byte> value)
    {
        var end = EncryptedPrefix.Length;
        for (var colons = 0; end < value.Length && colons < 3; end++)
        {
            colons += value[end] == (byte)':' ? 1 : 0;
        }

        return new ValueText($"encrypted by apiserver ({KeyText.Show(value[..end]).TrimEnd(':')})",
            Convert.ToHexStringLower(value[end..]));
    }

    private static string Dump(ReadOnlySpan<byte> message)
    {
        var text = new StringBuilder();
        ProtobufText.Write(text, message);
        return text.ToString().TrimEnd('\n');
    }
}
