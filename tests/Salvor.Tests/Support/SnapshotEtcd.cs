using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Salvor.EtcdClient;
using Salvor.Formats.Protobuf;
using Salvor.Platform.Linux;

namespace Salvor.Tests.Support;

/// <summary>
/// An etcd in this process that speaks its protocol to the real client: it tells its status and sends its database.
/// </summary>
internal sealed class SnapshotEtcd : HttpMessageHandler
{
    private const int BlobBytes = 32 << 10; // As etcd cuts it.

    public ulong ClusterId { get; set; } = 0xC1;

    public long Revision { get; set; }

    public byte[] Image { get; set; } = [];

    public EtcdConnection Connect(TimeProvider time) => new(
        new EtcdConnectionOptions { Endpoints = [new Uri("http://etcd.test:2379")], Transport = this },
        new LinuxFileSystem(),
        time);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get)
        {
            return new HttpResponseMessage(HttpStatusCode.NotFound); // It tells no gauges.
        }

        await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
        var body = new MemoryStream();
        foreach (var message in Answer(request.RequestUri!.AbsolutePath))
        {
            var head = new byte[5]; // gRPC's own: not compressed, and the message's length.
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), message.Length);
            body.Write(head);
            body.Write(message);
        }

        body.Position = 0;
        var response = new HttpResponseMessage(HttpStatusCode.OK)
        {
            Version = HttpVersion.Version20,
            RequestMessage = request,
            Content = new StreamContent(body),
        };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        response.TrailingHeaders.Add("grpc-status", "0");
        return response;
    }

    private IEnumerable<byte[]> Answer(string path) => path switch
    {
        "/etcdserverpb.Maintenance/Status" => [Status()],
        "/etcdserverpb.Maintenance/Snapshot" => Snapshot(),
        _ => throw new NotSupportedException(path),
    };

    private byte[] Status()
    {
        var header = new ArrayBufferWriter<byte>();
        var inner = new ProtoWriter(header);
        inner.Varint(1, ClusterId);
        inner.Varint(2, 0xE1);
        inner.Varint(3, (ulong)Revision);
        inner.Varint(4, 2);
        var output = new ArrayBufferWriter<byte>();
        var writer = new ProtoWriter(output);
        writer.Bytes(1, header.WrittenSpan);
        writer.Bytes(2, "3.5.30"u8);
        writer.Varint(3, (ulong)Image.Length);
        writer.Varint(5, (ulong)Revision + 10);
        writer.Varint(6, 2);
        return output.WrittenSpan.ToArray();
    }

    private IEnumerable<byte[]> Snapshot()
    {
        for (var offset = 0; offset < Image.Length; offset += BlobBytes)
        {
            var length = Math.Min(BlobBytes, Image.Length - offset);
            yield return Message(Image.AsSpan(offset, length), Image.Length - offset - length);
        }

        yield return Message(SHA256.HashData(Image), 0);
    }

    private static byte[] Message(ReadOnlySpan<byte> blob, long remaining)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ProtoWriter(output);
        writer.VarintUnlessZero(2, (ulong)remaining);
        writer.Bytes(3, blob);
        return output.WrittenSpan.ToArray();
    }
}
