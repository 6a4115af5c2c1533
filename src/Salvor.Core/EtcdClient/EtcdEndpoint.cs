using System.Net.Security;
using Grpc.Core;
using Grpc.Net.Client;

namespace Salvor.EtcdClient;

/// <summary>One member's client URL with its HTTP/2 connection, made at the first call.</summary>
internal sealed class EtcdEndpoint : IDisposable
{
    // Enough to keep a snapshot flowing; more is only memory, since our disk is the slower side (the executable's
    // settings keep .NET from widening it).
    private const int StreamWindowBytes = 1 << 20;

    /// <summary>
    /// etcd cuts a watch's answers at its request limit (1.5 MB by default), but not those that it made before it said
    /// that the watch was there. Such an answer may be gigabytes; asked again, it comes in pieces.
    /// </summary>
    private const int WatchAnswerBytesMax = 64 << 20;

    private readonly GrpcChannel _channel;
    private readonly GrpcChannel _watchChannel;
    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    public EtcdEndpoint(Uri address, EtcdConnectionOptions options, TlsMaterial tls, TimeProvider time)
    {
        Address = address;
        _time = time;
        CertificateCheck = new ServerCertificateCheck(address, tls, time);
        ClientCertificate = new ClientCertificateRefusal(tls, time);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false, // A proxy between us and etcd would only hide which of the two failed.
            AllowAutoRedirect = false,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = options.KeepAliveInterval,
            KeepAlivePingTimeout = options.KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            InitialHttp2StreamWindowSize = StreamWindowBytes,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = tls.Client,
                CertificateChainPolicy = CertificateCheck.ChainPolicy(),
                RemoteCertificateValidationCallback = CertificateCheck.Accept,
            },
        };
        // Given a client rather than a handler, the channel leaves connecting (and its errors) to the handler.
        _client = new HttpClient(options.Transport ?? handler, disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpClient = _client,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null, // One watch answer can carry a thousand revisions.
            MaxSendMessageSize = null,
            MaxRetryAttempts = 1,
        });
        Invoker = _channel.CreateCallInvoker();
        _watchChannel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpClient = _client,
            MaxReceiveMessageSize = WatchAnswerBytesMax,
            MaxRetryAttempts = 1,
        });
        BoundedInvoker = _watchChannel.CreateCallInvoker();
    }

    public Uri Address { get; }

    /// <summary>The address as people write it, without the trailing slash.</summary>
    public string Name => Address.GetLeftPart(UriPartial.Authority);

    public CallInvoker Invoker { get; }

    /// <summary>The same connection, for streams whose answers must not be larger than memory allows.</summary>
    public CallInvoker BoundedInvoker { get; }

    public ServerCertificateCheck CertificateCheck { get; }

    public ClientCertificateRefusal ClientCertificate { get; }

    public Task<EtcdGauges?> ReadGaugesAsync(CancellationToken ct) =>
        EtcdGaugesReader.ReadAsync(_client, Address, _time, ct);

    public void Dispose()
    {
        _watchChannel.Dispose();
        _channel.Dispose();
    }
}
