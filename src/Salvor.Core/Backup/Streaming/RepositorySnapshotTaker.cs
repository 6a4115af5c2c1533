using Salvor.EtcdClient;
using Salvor.Repository;

namespace Salvor.Backup.Streaming;

/// <summary>Takes snapshots of the etcd that is streamed into the repository that it is streamed to.</summary>
internal sealed class RepositorySnapshotTaker(EtcdConnection etcd, OpenRepository repository, StreamMachine machine)
    : ISnapshotTaker
{
    public async Task<long> TakeAsync(string reason, CancellationToken ct)
    {
        var backup = new SnapshotToRepository(machine.Pool, machine.Entropy, machine.Time);
        var report = await backup.RunAsync(etcd, repository, new SnapshotOptions(), progress: null, ct);
        return report.Manifest.Revision;
    }
}
