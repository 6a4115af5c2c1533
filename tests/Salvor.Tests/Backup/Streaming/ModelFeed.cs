using Salvor.Backup.Streaming;
using Salvor.EtcdClient;

namespace Salvor.Tests.Backup.Streaming;

/// <summary>A watch of the model.</summary>
internal sealed class ModelFeed(ModelEtcd etcd, long next, bool isCompacted) : IChangeFeed
{
    private long _next = next;
    private int _skip;
    private Exception? _broken;
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long CreatedAtRevision { get; } = etcd.Head;

    public async Task<WatchAnswer?> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            if (_broken is not null)
            {
                throw _broken;
            }

            if (isCompacted || (_skip == 0 && _next < etcd.CompactRevision))
            {
                return ModelEtcd.Compacted(etcd.CompactRevision);
            }

            if (_next <= etcd.Head)
            {
                return etcd.Answer(ref _next, ref _skip);
            }

            await _wake.Task.WaitAsync(ct);
        }
    }

    public void Wake()
    {
        _wake.TrySetResult();
        _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Break(Exception why)
    {
        _broken ??= why;
        Wake();
    }

    public void Dispose()
    {
        etcd.Forget(this);
        Break(new ObjectDisposedException(nameof(ModelFeed)));
    }
}
