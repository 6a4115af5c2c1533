using Amazon.Runtime;

namespace Salvor.Providers.Aws;

/// <summary>Makes HTTP clients whose waits and answers are bounded, for the SDK and for us.</summary>
internal sealed class AwsHttpClients(AwsOptions options) : HttpClientFactory
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => Create();

    public HttpClient Create() => new(new BoundedAnswers(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime, // So that a moved name is followed.
    }))
    {
        // It covers the body too, since that is read before the handler returns.
        Timeout = options.RequestTimeout,
    };

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
}
