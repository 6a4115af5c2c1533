using Grpc.Core;

namespace Salvor.EtcdClient;

/// <summary>One attempt of a call: to which member, with which headers and until when.</summary>
internal sealed record CallScope(EtcdEndpoint Endpoint, Metadata Headers, DateTime? Deadline, CancellationToken Ct)
{
    public CallInvoker Invoker => Endpoint.Invoker;

    public CallOptions Options => new(Headers, Deadline, Ct);
}
