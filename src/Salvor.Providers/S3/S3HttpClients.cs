using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;

namespace Salvor.Providers.S3;

/// <summary>Makes the HTTP client of a store: with its own signers where some are given, and bounded waits.</summary>
internal sealed class S3HttpClients(S3StoreOptions options, X509Certificate2Collection? roots) : HttpClientFactory
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime, // So that a moved name is followed.
        };
        if (roots is not null)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = OwnSigners(roots) };
        }

        // Each request has its own deadline, which a body that stalls does not outlast either.
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    // One client for each store: caches by configuration would mix stores that trust different signers.
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    private static X509ChainPolicy OwnSigners(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
