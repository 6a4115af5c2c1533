using System.Runtime.CompilerServices;
using Grpc.Core;
using Salvor.Errors;
using Salvor.EtcdClient.Protos;

namespace Salvor.EtcdClient;

/// <summary>An open watch. One reader at a time; progress and cancel may be asked for beside it.</summary>
public sealed class EtcdWatch : IDisposable
{
    private readonly AsyncDuplexStreamingCall<WatchRequest, WatchResponse> _call;
    private readonly EtcdEndpoint _endpoint;
    private readonly bool _joinsFragments;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly List<EtcdEvent> _fragments = [];

    private EtcdWatch(
        AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call, EtcdEndpoint endpoint, WatchResponse created,
            bool joinsFragments)
    {
        _call = call;
        _endpoint = endpoint;
        _joinsFragments = joinsFragments;
        Id = created.WatchId;
        CreatedAtRevision = created.Header.Revision;
        ClusterId = created.Header.ClusterId;
    }

    public long Id { get; }

    /// <summary>The store's revision when the watch was made.</summary>
    public long CreatedAtRevision { get; }

    /// <summary>Which cluster answers: another one after a restore.</summary>
    public ulong ClusterId { get; }

    /// <summary>Everything that the watch says, until it ends or the token is cancelled.</summary>
    public async IAsyncEnumerable<WatchMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (await MoveNextAsync(ct))
        {
            var message = Understand(_call.ResponseStream.Current);
            if (message is not null)
            {
                yield return message;
            }

            if (message is WatchMessage.Compacted or WatchMessage.Cancelled)
            {
                yield break;
            }
        }
    }

    /// <summary>
    /// Asks how far the watch is; the answer comes as <see cref="WatchMessage.Progress"/> once it has caught up.
    /// </summary>
    public Task RequestProgressAsync(CancellationToken ct) =>
        WriteAsync(new WatchRequest { ProgressRequest = new WatchProgressRequest() }, ct);

    /// <summary>
    /// Asks etcd to end the watch; the reader gets <see cref="WatchMessage.Cancelled"/> after what was under way.
    /// </summary>
    public Task CancelAsync(CancellationToken ct) =>
        WriteAsync(new WatchRequest { CancelRequest = new WatchCancelRequest { WatchId = Id } }, ct);

    public void Dispose()
    {
        _call.Dispose();
        _writing.Dispose();
    }

    internal static async Task<EtcdWatch> OpenAsync(WatchOptions options, CallScope scope)
    {
        // A member that has lost its leader ends the stream instead of looking idle.
        scope.Headers.Add("hasleader", "true");
        var call = new Watch.WatchClient(scope.Invoker).Watch(scope.Options);
        try
        {
            await call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = RequestOf(options) }, scope.Ct);
            var created = await call.ResponseStream.MoveNext(scope.Ct) ? call.ResponseStream.Current : null;
            if (created is { Created: true, Canceled: false })
            {
                return new EtcdWatch(call, scope.Endpoint, created, joinsFragments: !options.SplitsLargeBatches);
            }

            var reason = created?.CancelReason is { Length: > 0 } said
                ? said
                : "the stream ended before the watch was made";
            var code = reason.Contains("permission denied", StringComparison.Ordinal)
                ? ErrorCode.EtcdAuth
                : ErrorCode.EtcdRefused;
            throw new SalvorException(code, $"{scope.Endpoint.Name} refused to watch: {reason}.");
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    private static WatchCreateRequest RequestOf(WatchOptions options) => new()
    {
        Key = options.Range.StartBytes,
        RangeEnd = options.Range.EndBytes,
        StartRevision = options.StartRevision,
        PrevKv = options.WithPrevious,
        ProgressNotify = options.NotifiesProgress,
        Fragment = true, // etcd's answers stay small; the parts are joined here where the caller wants them whole.
    };

    private WatchMessage? Understand(WatchResponse answer)
    {
        if (answer.CompactRevision > 0)
        {
            return new WatchMessage.Compacted(answer.CompactRevision);
        }

        if (answer.Canceled)
        {
            return new WatchMessage.Cancelled(answer.CancelReason);
        }

        if (answer.Events.Count == 0 && _fragments.Count == 0)
        {
            return new WatchMessage.Progress(answer.Header.Revision);
        }

        var events = answer.Events.Select(EtcdEvent.From);
        if (!_joinsFragments)
        {
            return new WatchMessage.Events([.. events], answer.Header.Revision, answer.Fragment);
        }

        _fragments.AddRange(events);
        if (answer.Fragment)
        {
            return null;
        }

        var whole = new WatchMessage.Events([.. _fragments], answer.Header.Revision, IsFragment: false);
        _fragments.Clear();
        return whole;
    }

    private async Task WriteAsync(WatchRequest request, CancellationToken ct)
    {
        await _writing.WaitAsync(ct); // gRPC allows one write at a time.
        try
        {
            await _call.RequestStream.WriteAsync(request, ct);
        }
        catch (RpcException e)
        {
            ct.ThrowIfCancellationRequested();
            throw EtcdFailure.Of(e, _endpoint, "watch").Exception;
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task<bool> MoveNextAsync(CancellationToken ct)
    {
        try
        {
            return await _call.ResponseStream.MoveNext(ct);
        }
        catch (RpcException e)
        {
            ct.ThrowIfCancellationRequested();
            throw EtcdFailure.Of(e, _endpoint, "watch").Exception;
        }
    }
}
