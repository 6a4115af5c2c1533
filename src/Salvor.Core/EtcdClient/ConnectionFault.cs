using System.Net.Sockets;
using System.Security.Authentication;
using Salvor.Errors;

namespace Salvor.EtcdClient;

/// <summary>Tells from the transport's exception why there is no connection, or no longer one.</summary>
internal readonly record struct ConnectionFault(SalvorException Exception, bool IsUnreached)
{
    private const string ServerCertificateHint =
        "Check --cacert and the host name in --endpoints; kubeadm's CA is /etc/kubernetes/pki/etcd/ca.crt.";

    private const string PlainHint = "If this etcd listens without TLS, write http:// in --endpoints.";

    /// <summary>Null when the exception tells nothing of the connection.</summary>
    public static ConnectionFault? Of(Exception cause, EtcdEndpoint endpoint)
    {
        var chain = ChainOf(cause);
        if (chain.OfType<AuthenticationException>().Any()
            && endpoint.CertificateCheck.LastFault is { } certificateFault)
        {
            return Tls(endpoint, cause, certificateFault, ServerCertificateHint);
        }

        var socket = chain.OfType<SocketException>().FirstOrDefault();
        var http = chain.OfType<HttpRequestException>().FirstOrDefault();
        if (socket is not null
            && http?.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            return Unreachable(endpoint, cause, Explain(socket));
        }

        return OfTls(endpoint, cause, chain, http) ?? OfTransport(endpoint, cause, chain);
    }

    private static ConnectionFault? OfTls(
        EtcdEndpoint endpoint, Exception cause, IReadOnlyList<Exception> chain, HttpRequestException? http)
    {
        var isHttps = endpoint.Address.Scheme == Uri.UriSchemeHttps;
        switch (FindAlert(chain))
        {
            case TlsAlert.ClientCertificate:
            case TlsAlert.EarlyEnd when isHttps:
                return Tls(endpoint, cause, endpoint.ClientCertificate.Describe(), endpoint.ClientCertificate.Hint);
            case TlsAlert.NoTls:
                return Tls(endpoint, cause, "The server answered without TLS.", PlainHint);
            case TlsAlert.EarlyEnd:
                return new ConnectionFault(
                    new SalvorException(ErrorCode.EtcdTls,
                        $"{endpoint.Name} does not speak plain HTTP/2; it probably serves TLS.", cause)
                    {
                        Hint = "Write https:// in --endpoints, and give --cacert, --cert and --key.",
                    },
                    IsUnreached: true);
            case TlsAlert.None:
            default:
                break;
        }

        return chain.OfType<AuthenticationException>().Any()
            || http?.HttpRequestError == HttpRequestError.SecureConnectionError
            ? Tls(endpoint, cause, "The handshake failed; the server may not speak TLS at all.", PlainHint)
            : null;
    }

    private static ConnectionFault? OfTransport(EtcdEndpoint endpoint, Exception cause, IReadOnlyList<Exception> chain)
    {
        if (chain.Any(e => e is TimeoutException))
        {
            return Unreachable(endpoint, cause, "no connection came about in time");
        }

        return chain.Any(e => e is HttpIOException or IOException or SocketException or HttpRequestException)
            ? Broken(endpoint, cause)
            : null;
    }

    private static TlsAlert FindAlert(IReadOnlyList<Exception> chain)
    {
        // OpenSSL's words for the alerts that a server sends, and .NET's for a server that hangs up instead.
        ReadOnlySpan<(string Words, TlsAlert Alert)> known =
        [
            ("certificate required", TlsAlert.ClientCertificate),
            ("certificate expired", TlsAlert.ClientCertificate),
            ("unknown ca", TlsAlert.ClientCertificate),
            ("bad certificate", TlsAlert.ClientCertificate),
            ("wrong version number", TlsAlert.NoTls),
            ("packet length too long", TlsAlert.NoTls),
            ("did not complete the HTTP/2 handshake", TlsAlert.EarlyEnd),
        ];
        foreach (var (words, alert) in known)
        {
            if (chain.Any(e => e.Message.Contains(words, StringComparison.OrdinalIgnoreCase)))
            {
                return alert;
            }
        }

        return TlsAlert.None;
    }

    private static ConnectionFault Broken(EtcdEndpoint endpoint, Exception cause) =>
        new(
            new SalvorException(ErrorCode.EtcdUnreachable, $"The connection to {endpoint.Name} broke: {cause.Message}",
                cause)
            {
                IsTransient = true,
                Hint = "See whether etcd still runs, and what its log says.",
            },
            IsUnreached: false);

    private static ConnectionFault Unreachable(EtcdEndpoint endpoint, Exception cause, string why) =>
        new(
            new SalvorException(ErrorCode.EtcdUnreachable, $"Cannot reach etcd at {endpoint.Name}: {why}.", cause)
            {
                IsTransient = true,
                Hint = "Check --endpoints, and that etcd runs (crictl ps --name etcd).",
            },
            IsUnreached: true);

    private static ConnectionFault Tls(EtcdEndpoint endpoint, Exception cause, string why, string hint) =>
        new(
            new SalvorException(ErrorCode.EtcdTls, $"TLS to {endpoint.Name} failed. {why}", cause) { Hint = hint },
            IsUnreached: true);

    private static string Explain(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused, nothing listens there",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the host name is not known",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "there is no route to the host",
        SocketError.TimedOut => "the connection timed out",
        _ => e.Message,
    };

    private static List<Exception> ChainOf(Exception cause)
    {
        var chain = new List<Exception>();
        for (var e = cause; e is not null; e = e.InnerException!)
        {
            chain.Add(e);
        }

        return chain;
    }
}
