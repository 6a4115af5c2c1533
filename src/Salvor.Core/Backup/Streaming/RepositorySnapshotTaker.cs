using Salvor.EtcdClient;
using Salvor.Repository;

namespace Salvor.Backup.Streaming;

/// <summary>Takes snapshots of the etcd that is streamed into the repository that it is streamed to.</summary>
internal sealed class RepositorySnapshotTaker(
    EtcdConnection etcd, OpenRepository repository, StreamMachine machine, StreamOptions options)
    : ISnapshotTaker
{
    public async Task<long> TakeAsync(string reason, CancellationToken ct)
    {
        var backup = new SnapshotToRepository(machine.Pool, machine.Entropy, machine.Time)
        {
            BackgroundPool = machine.BackgroundPool,
        };
        var snapshot = new SnapshotOptions { Kit = options.Kit };
        var report = await backup.RunAsync(etcd, repository, snapshot, progress: null, ct);
        return report.Manifest.Revision;
    }
}
