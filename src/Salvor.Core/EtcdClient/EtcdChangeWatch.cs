using Grpc.Core;
using Salvor.Errors;
using Salvor.EtcdClient.Protos;

namespace Salvor.EtcdClient;

/// <summary>Every change from a revision on, as etcd sends it. One reader at a time.</summary>
public sealed class EtcdChangeWatch : IDisposable
{
    private readonly AsyncDuplexStreamingCall<WatchRequest, WatchAnswer> _call;
    private readonly EtcdEndpoint _endpoint;
    private readonly WatchAnswer _answer;

    private EtcdChangeWatch(
        AsyncDuplexStreamingCall<WatchRequest, WatchAnswer> call, EtcdEndpoint endpoint, WatchAnswer answer)
    {
        _call = call;
        _endpoint = endpoint;
        _answer = answer;
        ClusterId = answer.ClusterId;
        CreatedAtRevision = answer.Revision;
    }

    public ulong ClusterId { get; }

    /// <summary>The store's revision when the watch was made.</summary>
    public long CreatedAtRevision { get; }

    /// <summary>The member's address, for messages.</summary>
    public string EndpointName => _endpoint.Name;

    /// <summary>The next answer; null when etcd ended the stream. It is always the same object.</summary>
    public async Task<WatchAnswer?> NextAsync(CancellationToken ct)
    {
        try
        {
            if (!await _call.ResponseStream.MoveNext(ct))
            {
                return null;
            }
        }
        catch (RpcException e)
        {
            ct.ThrowIfCancellationRequested();
            throw FailureOf(e);
        }

        return !_answer.IsMalformed ? _answer : throw new SalvorException(
            ErrorCode.EtcdRefused, $"{_endpoint.Name} sent a watch answer that is no protobuf.");
    }

    /// <summary>Ends the watch. What was read last stays readable: its buffer is left to the collector.</summary>
    public void Dispose() => _call.Dispose();

    internal static async Task<EtcdChangeWatch> OpenAsync(long startRevision, CallScope scope)
    {
        // A member that has lost its leader ends the stream instead of looking idle.
        scope.Headers.Add("hasleader", "true");
        var answer = new WatchAnswer();
        var call = scope.Endpoint.BoundedInvoker.AsyncDuplexStreamingCall(
            answer.Method(), host: null, scope.Options);
        try
        {
            var create = new WatchCreateRequest
            {
                Key = KeyRange.All.StartBytes,
                RangeEnd = KeyRange.All.EndBytes,
                StartRevision = startRevision,
                ProgressNotify = true,
                Fragment = true,
            };
            await call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = create }, scope.Ct);
            if (await call.ResponseStream.MoveNext(scope.Ct) && answer is { IsCreated: true, IsCancelled: false })
            {
                return new EtcdChangeWatch(call, scope.Endpoint, answer);
            }

            var reason = answer.CancelReason.Length > 0
                ? answer.CancelReason
                : "the stream ended before the watch was made";
            var code = reason.Contains("permission denied", StringComparison.Ordinal)
                ? ErrorCode.EtcdAuth
                : ErrorCode.EtcdRefused;
            throw new SalvorException(code, $"{scope.Endpoint.Name} refused to watch: {reason}.")
            {
                IsTransient = code == ErrorCode.EtcdRefused,
            };
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    private SalvorException FailureOf(RpcException e) => e.StatusCode == StatusCode.ResourceExhausted
        ? new SalvorException(
            ErrorCode.EtcdRefused, $"{_endpoint.Name} sent a watch answer too large to be taken in one piece.", e)
        {
            IsTransient = true, // It was made before etcd knew that we take pieces; the next one is not.
        }
        : EtcdFailure.Of(e, _endpoint, "watch").Exception;
}
