namespace Salvor.Tests.Readiness.Protect.Cluster;

/// <summary>Hands requests on, and outlives the client that it was given to.</summary>
internal sealed class KeptHandler(HttpMessageHandler inner) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _inner = new(inner, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        _inner.SendAsync(request, cancellationToken);
}
