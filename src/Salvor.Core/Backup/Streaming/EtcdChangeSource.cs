using Salvor.EtcdClient;
using Salvor.Repository.Log;

namespace Salvor.Backup.Streaming;

/// <summary>A running etcd as a source of changes.</summary>
public sealed class EtcdChangeSource(EtcdConnection etcd) : IChangeSource
{
    public async Task<SourceState> AskAsync(CancellationToken ct)
    {
        var status = await etcd.Maintenance.StatusAsync(ct);
        var origin = new SegmentOrigin(status.ClusterId, status.MemberId, status.RaftIndex, status.RaftTerm);
        return new SourceState(origin, status.Revision);
    }

    public async Task<IChangeFeed> OpenAsync(long fromRevision, CancellationToken ct) =>
        new EtcdChangeFeed(await etcd.Watches.OpenChangesAsync(fromRevision, ct));

    public async Task<long> LeaseSecondsAsync(long leaseId, CancellationToken ct)
    {
        var lease = await etcd.Leases.GetAsync(leaseId, withKeys: false, ct);
        return lease is null ? 0 : (long)lease.Granted.TotalSeconds;
    }
}
