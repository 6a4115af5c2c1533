using System.Diagnostics;
using System.Threading.Channels;

namespace Salvor.Load;

/// <summary>Writes a load into a running etcd, in transactions, several under way at once.</summary>
public sealed class LoadWriter(EtcdGateway gateway, LoadOptions options)
{
    // etcd's own limits are 128 operations and 1.5 MiB a request.
    private const int OperationsMax = 128;
    private const int BatchBytesMax = 1_000_000;
    private int _puts;
    private int _deletions;
    private long _valueBytes;

    public async Task<LoadReport> RunAsync(CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        var load = new KubernetesLoad(options);
        var leases = 0;
        foreach (var lease in load.Leases())
        {
            await gateway.GrantLeaseAsync(lease, ct);
            leases++;
        }

        await WriteAsync(load.Creations(), ct);
        // The churn begins only when every key is there, so that the outcome does not depend on who was first.
        await WriteAsync(load.Churn(), ct);
        var databaseBytes = await gateway.DatabaseBytesAsync(ct);
        return new LoadReport(_puts, _deletions, leases, _valueBytes, databaseBytes, Stopwatch.GetElapsedTime(start));
    }

    private async Task WriteAsync(IEnumerable<LoadOperation> operations, CancellationToken ct)
    {
        var batches = Channel.CreateBounded<List<LoadOperation>>(options.Parallel);
        var senders = Enumerable.Range(0, options.Parallel).Select(_ => SendAsync(batches.Reader, ct)).ToArray();
        var making = Task.Run(() => MakeBatchesAsync(operations, batches.Writer, ct), ct);
        await Task.WhenAll([.. senders, making]);
    }

    private async Task MakeBatchesAsync(
        IEnumerable<LoadOperation> operations, ChannelWriter<List<LoadOperation>> batches, CancellationToken ct)
    {
        var batch = new List<LoadOperation>();
        var keys = new HashSet<string>();
        var bytes = 0;
        foreach (var operation in operations)
        {
            var size = operation.Key.Length + (operation.Value?.Length ?? 0);
            // etcd refuses a transaction that writes a key twice.
            if (batch.Count == OperationsMax || bytes + size > BatchBytesMax || keys.Contains(operation.Key))
            {
                await batches.WriteAsync(batch, ct);
                batch = [];
                keys.Clear();
                bytes = 0;
            }

            batch.Add(operation);
            keys.Add(operation.Key);
            bytes += size;
            Count(operation);
        }

        if (batch.Count > 0)
        {
            await batches.WriteAsync(batch, ct);
        }

        batches.Complete();
    }

    private void Count(LoadOperation operation)
    {
        if (operation.Value is null)
        {
            _deletions++;
            return;
        }

        _puts++;
        _valueBytes += operation.Value.Length;
    }

    private async Task SendAsync(ChannelReader<List<LoadOperation>> batches, CancellationToken ct)
    {
        await foreach (var batch in batches.ReadAllAsync(ct))
        {
            await gateway.ApplyAsync(batch, ct);
        }
    }
}
