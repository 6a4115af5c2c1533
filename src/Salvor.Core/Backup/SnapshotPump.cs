using System.Buffers;
using System.Threading.Channels;
using Salvor.EtcdClient;
using Salvor.Platform;

namespace Salvor.Backup;

/// <summary>Moves a snapshot from the network to a sink: one side receives while the other one works.</summary>
/// <remarks>
/// etcd keeps a read transaction open for as long as this takes, so the receiver must not wait for the work, but for
/// a few blocks of memory only.
/// </remarks>
/// <param name="pool">Where the work is done.</param>
/// <param name="pacer">Slows it down where etcd suffers; null for full speed.</param>
internal sealed class SnapshotPump(ICpuPool pool, SnapshotPacer? pacer = null)
{
    public const string Stage = "streaming the snapshot";

    private const int BlockBytes = 256 << 10; // Small enough to be still in the cache when it is hashed and written.
    private const int BlocksInFlight = 8;

    public async Task RunAsync(EtcdSnapshot snapshot, ISnapshotSink sink, CancellationToken ct)
    {
        // One side's failure must end the other: a full disk would else leave the receiver waiting for room.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var blocks = Channel.CreateBounded<SnapshotBlock>(
            new BoundedChannelOptions(BlocksInFlight) { SingleReader = true, SingleWriter = true });
        var working = WorkAsync(blocks, sink, either);
        try
        {
            await ReceiveAsync(snapshot, blocks.Writer, either.Token);
            blocks.Writer.Complete();
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The sink failed; its exception comes below.
        }
        catch
        {
            await either.CancelAsync();
            await working.ContinueWith(_ =>
                { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }

        await working;
    }

    private async Task ReceiveAsync(
        EtcdSnapshot snapshot, ChannelWriter<SnapshotBlock> blocks, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        var filled = 0;
        await foreach (var chunk in snapshot.ReadAllAsync(ct))
        {
            for (var rest = chunk.Bytes; !rest.IsEmpty;)
            {
                var count = Math.Min(rest.Length, BlockBytes - filled);
                rest.Span[..count].CopyTo(buffer.AsSpan(filled));
                rest = rest[count..];
                filled += count;
                if (filled == BlockBytes)
                {
                    await blocks.WriteAsync(new SnapshotBlock(buffer, filled), ct);
                    buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
                    filled = 0;
                    if (pacer is not null)
                    {
                        await pacer.PaceAsync(ct);
                    }
                }
            }
        }

        await blocks.WriteAsync(new SnapshotBlock(buffer, filled), ct);
    }

    private async Task WorkAsync(
        Channel<SnapshotBlock> blocks, ISnapshotSink sink, CancellationTokenSource either)
    {
        try
        {
            await foreach (var block in blocks.Reader.ReadAllAsync(either.Token))
            {
                await pool.Run(() => Take(sink, block), CancellationToken.None);
                await sink.SettleAsync();
            }
        }
        catch
        {
            await either.CancelAsync();
            throw;
        }
    }

    private static bool Take(ISnapshotSink sink, SnapshotBlock block)
    {
        sink.Take(block.Bytes);
        ArrayPool<byte>.Shared.Return(block.Buffer);
        return true;
    }
}
