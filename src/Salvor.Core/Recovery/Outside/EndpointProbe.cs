using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.Outside;

/// <summary>Asks the cluster's endpoint from here whether it is ready: a new connection each time, and no credentials.
/// </summary>
/// <remarks>
/// What fails on this side (no name, no route) says nothing of the other: unknown. An endpoint whose certificate the
/// cluster's authority did not sign answers, and whether it is the cluster's is unknown. One that does not let us ask,
/// since anonymous questions are off, answers too.
/// </remarks>
public sealed class EndpointProbe : IDisposable
{
    private const int AnswerKilobytesMax = 64;

    private readonly Uri _address;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;
    private bool _isConnected;

    /// <param name="endpoint">Scheme, host and port.</param>
    /// <param name="authorities">The cluster's certificate authorities; empty to believe any certificate.</param>
    /// <param name="limit">How long all of it may take.</param>
    /// <param name="time">The clock.</param>
    public EndpointProbe(
        Uri endpoint, X509Certificate2Collection authorities, TimeSpan limit, TimeProvider time)
    {
        _address = new Uri(endpoint, "/readyz");
        _limit = limit;
        _time = time;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            MaxResponseHeadersLength = AnswerKilobytesMax,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
        };
        if (authorities.Count == 0)
        {
            // Nothing is told to it, and it is believed no more than that something answers there.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        }
        else
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        _client = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = AnswerKilobytesMax << 10,
        };
    }

    public async Task<EndpointSight> LookAsync(CancellationToken ct)
    {
        using var clock = new CancellationTokenSource(_limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, ct);
        _isConnected = false;
        try
        {
            using var answer = await _client.GetAsync(
                _address, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Read(answer.StatusCode);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return Read(e);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new EndpointSight(
                _isConnected ? Truth.Yes : Truth.No, Truth.No,
                $"{_address.Authority} did not answer within {_limit.TotalSeconds:0} s");
        }
    }

    public void Dispose() => _client.Dispose();

    private static EndpointSight Read(HttpStatusCode status) => status switch
    {
        HttpStatusCode.OK => new EndpointSight(Truth.Yes, Truth.Yes, ""),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound =>
            new EndpointSight(Truth.Yes, Truth.Unknown, $"/readyz answers {(int)status}"),
        // What stands before it took the connection, and says that nobody is behind.
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            new EndpointSight(Truth.Unknown, Truth.No, $"/readyz answers {(int)status}"),
        _ => new EndpointSight(Truth.Yes, Truth.No, $"/readyz answers {(int)status}"),
    };

    private EndpointSight Read(Exception e)
    {
        var socket = e as SocketException ?? e.InnerException as SocketException;
        if (!_isConnected)
        {
            var isOurs = socket is null || socket.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain
                or SocketError.NoData or SocketError.NoRecovery or SocketError.NetworkUnreachable
                or SocketError.NetworkDown or SocketError.AddressNotAvailable or SocketError.TooManyOpenSockets;
            var truth = isOurs ? Truth.Unknown : Truth.No;
            return new EndpointSight(
                truth, truth, $"{_address.Authority}: {socket?.SocketErrorCode.ToString() ?? e.Message}");
        }

        return e.InnerException is AuthenticationException tls
            ? new EndpointSight(Truth.Yes, Truth.Unknown, $"TLS: {tls.Message}")
            : new EndpointSight(Truth.Yes, Truth.No, $"{_address.Authority}: {e.Message}");
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, ct);
            _isConnected = true;
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
