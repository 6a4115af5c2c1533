using System.Text;
using Salvor.EtcdClient;
using Salvor.IntegrationTests.Support;
using Salvor.Platform.Linux;

namespace Salvor.IntegrationTests.EtcdClient;

/// <summary>Our client, set up for a real etcd.</summary>
internal static class Connections
{
    public static EtcdConnection To(EtcdServer server) => Of(Options(server.Endpoint));

    public static EtcdConnection Of(EtcdConnectionOptions options) =>
        new(options, new LinuxFileSystem(), TimeProvider.System);

    public static EtcdConnectionOptions Options(params string[] endpoints) =>
        new() { Endpoints = [.. endpoints.Select(e => new Uri(e))] };

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
