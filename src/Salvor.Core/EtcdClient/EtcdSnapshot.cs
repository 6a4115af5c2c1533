using System.Runtime.CompilerServices;
using Grpc.Core;
using Salvor.Errors;

namespace Salvor.EtcdClient;

/// <summary>An open snapshot. etcd keeps a read transaction for it, so read without pause and dispose.</summary>
public sealed class EtcdSnapshot : IDisposable
{
    private readonly AsyncServerStreamingCall<SnapshotMessage> _call;
    private readonly EtcdEndpoint _endpoint;

    private EtcdSnapshot(AsyncServerStreamingCall<SnapshotMessage> call, EtcdEndpoint endpoint)
    {
        _call = call;
        _endpoint = endpoint;
        var first = call.ResponseStream.Current;
        ImageBytes = first.IsMalformed ? 0 : first.Blob.Length + first.RemainingBytes;
    }

    /// <summary>The member that sends it.</summary>
    public Uri Endpoint => _endpoint.Address;

    /// <summary>
    /// How many bytes the image has, as the first message says it. A member's status says less while a commit is due.
    /// A malformed first message says 0, and reading it fails.
    /// </summary>
    public long ImageBytes { get; }

    /// <summary>Reads to the end of the stream, the hash's message included.</summary>
    public async IAsyncEnumerable<SnapshotChunk> ReadAllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        // The first message is here already: opening waited for it, so that its failure could still choose another
        // member.
        do
        {
            var message = _call.ResponseStream.Current;
            if (message.IsMalformed)
            {
                throw new SalvorException(ErrorCode.EtcdRefused,
                    $"{_endpoint.Name} sent a snapshot message that is no protobuf.");
            }

            yield return new SnapshotChunk(message.Blob, message.RemainingBytes);
        }
        while (await MoveNextAsync(ct));
    }

    /// <summary>How the member that sends it is; null where it does not say.</summary>
    public Task<EtcdGauges?> ReadGaugesAsync(CancellationToken ct) => _endpoint.ReadGaugesAsync(ct);

    public void Dispose() => _call.Dispose();

    internal static async Task<EtcdSnapshot> OpenAsync(CallScope scope)
    {
        var method = new SnapshotMessage().Method();
        var call = scope.Invoker.AsyncServerStreamingCall(method, host: null, scope.Options, request: []);
        try
        {
            if (await call.ResponseStream.MoveNext(scope.Ct))
            {
                return new EtcdSnapshot(call, scope.Endpoint);
            }
        }
        catch
        {
            call.Dispose();
            throw;
        }

        call.Dispose();
        throw new SalvorException(ErrorCode.EtcdRefused, $"{scope.Endpoint.Name} sent an empty snapshot.");
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
            throw EtcdFailure.Of(e, _endpoint, "the snapshot").Exception;
        }
    }
}
