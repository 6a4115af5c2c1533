using System.Buffers;
using System.Globalization;
using System.Text;
using Salvor.Formats.Protobuf;

namespace Salvor.Load;

/// <summary>
/// Writes values as apiserver stores them: "k8s\0", then an envelope that names the type and holds the object.
/// </summary>
public static class KubernetesObject
{
    private const int ScratchBytes = 4096;
    private const int MetadataBytesAbout = 420;
    private static readonly string[] Words =
    [
        "app", "app.kubernetes.io/name", "pod-template-hash", "containers", "image",
        "registry.example/team/service", "imagePullPolicy", "IfNotPresent", "resources", "limits", "requests",
        "cpu", "memory", "128Mi", "250m", "env", "valueFrom", "configMapKeyRef", "livenessProbe", "httpGet", "path",
        "/healthz", "readinessProbe", "volumeMounts", "kube-api-access",
        "/var/run/secrets/kubernetes.io/serviceaccount", "terminationMessagePath", "ClusterFirst",
        "serviceAccountName", "default", "tolerations", "node.kubernetes.io/not-ready", "NoExecute", "conditions",
        "True", "ContainersReady", "PodScheduled", "Initialized", "lastTransitionTime", "hostIP", "podIP",
        "containerID", "Running",
    ];

    /// <summary>An object of a kind, with content that brings the value to about the size wanted.</summary>
    public static byte[] Write(
        ResourceKind kind, string nameSpace, string name, int generation, int bytesWanted, Random random)
    {
        var metadata = Message(writer => WriteMetadata(writer, nameSpace, name, generation, random));
        var content = Content(Math.Max(0, bytesWanted - MetadataBytesAbout), kind.IsOpaque, random);
        var body = Message(writer =>
        {
            writer.Bytes(1, metadata);
            writer.Bytes(2, content);
        });
        var type = Message(writer =>
        {
            writer.Bytes(1, Encoding.UTF8.GetBytes(kind.ApiVersion));
            writer.Bytes(2, Encoding.UTF8.GetBytes(kind.Kind));
        });
        var envelope = Message(writer =>
        {
            writer.Bytes(1, type);
            writer.Bytes(2, body);
        });
        return [.. "k8s\0"u8, .. envelope];
    }

    private static void WriteMetadata(ProtoWriter writer, string nameSpace, string name, int generation, Random random)
    {
        const int MarchOf2026 = 1_773_000_000;
        var created = Message(time => time.Varint(1, (ulong)(MarchOf2026 + random.Next(10_000_000))));
        writer.Bytes(1, Encoding.UTF8.GetBytes(name));
        writer.Bytes(3, Encoding.UTF8.GetBytes(nameSpace));
        writer.Bytes(5, Encoding.UTF8.GetBytes(Uid(random)));
        writer.Varint(7, (ulong)generation);
        writer.Bytes(8, created);
        foreach (var label in (string[])["app", "pod-template-hash", "app.kubernetes.io/managed-by"])
        {
            writer.Bytes(11, Message(entry =>
            {
                entry.Bytes(1, Encoding.UTF8.GetBytes(label));
                entry.Bytes(2, Encoding.UTF8.GetBytes(random.Next(1000).ToString("x4", CultureInfo.InvariantCulture)));
            }));
        }

        writer.Bytes(17, Message(field =>
        {
            field.Bytes(1, "kube-controller-manager"u8);
            field.Bytes(2, "Update"u8);
            field.Bytes(7, """{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{}}}"""u8);
        }));
    }

    /// <summary>Short fields of words and numbers, which compress to about a third; or noise.</summary>
    private static byte[] Content(int bytes, bool isOpaque, Random random)
    {
        if (isOpaque)
        {
            var noise = new byte[bytes];
            random.NextBytes(noise);
            return noise;
        }

        var buffer = new ArrayBufferWriter<byte>(bytes + ScratchBytes);
        var writer = new ProtoWriter(buffer);
        Span<byte> id = stackalloc byte[12];
        while (buffer.WrittenCount < bytes)
        {
            writer.Bytes(random.Next(1, 16), Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
            if (random.Next(4) == 0)
            {
                random.NextBytes(id);
                writer.Bytes(random.Next(1, 16), id);
            }
        }

        return buffer.WrittenSpan[..bytes].ToArray();
    }

    private static string Uid(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    private static byte[] Message(Action<ProtoWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(ScratchBytes);
        write(new ProtoWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }
}
