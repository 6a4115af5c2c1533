using Salvor.IntegrationTests.EtcdClient;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Backup;

/// <summary>Fills an etcd with as much as a test needs.</summary>
internal static class SnapshotLoad
{
    public static async Task FillAsync(EtcdServer server, int megabytes)
    {
        using var etcd = Connections.To(server);
        var value = new byte[1_000_000];
        var random = new Random(20);
        for (var i = 0; i < megabytes; i++)
        {
            random.NextBytes(value);
            await etcd.Keys.PutAsync(Connections.Bytes($"/load/{i:d5}"), value, leaseId: 0,
                TestContext.Current.CancellationToken);
        }
    }
}
