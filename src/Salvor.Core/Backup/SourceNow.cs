using Salvor.EtcdClient;
using Salvor.Repository.Snapshots;

namespace Salvor.Backup;

/// <summary>What a running etcd says of itself right now.</summary>
/// <param name="Identity">Which etcd it is.</param>
/// <param name="Revision">The newest revision that it has applied.</param>
internal sealed record SourceNow(SourceIdentity Identity, long Revision)
{
    public static async Task<SourceNow> AskAsync(EtcdConnection etcd, CancellationToken ct)
    {
        var status = await etcd.Maintenance.StatusAsync(ct);
        return new SourceNow(HistoryCheck.IdentityOf(status), status.Revision);
    }
}
