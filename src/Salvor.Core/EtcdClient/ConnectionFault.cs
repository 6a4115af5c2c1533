using System.Net.Sockets;
using System.Security.Authentication;
using Salvor.Errors;

namespace Salvor.EtcdClient;

/// <summary>Tells from the transport's exception why there is no connection, or no longer one.</summary>
internal readonly record struct ConnectionFault(SalvorException Exception, bool IsUnreached)
{
    /// <summary>Null when the exception tells nothing of the connection.</summary>
    public static ConnectionFault? Of(Exception cause, EtcdEndpoint endpoint)
    {
        var chain = ChainOf(cause);
        if (chain.OfType<AuthenticationException>().Any()
            && endpoint.CertificateCheck.LastFault is { } certificateFault)
        {
            return Tls(endpoint, cause, certificateFault, ServerCertificateHint, isUnreached: true);
        }

        var text = string.Join(" | ", chain.Select(e => e.Message));
        if (TlsAlert.Find(text) is { } alert)
        {
            return Tls(endpoint, cause, alert.Describe(endpoint.HasClientCertificate), alert.Hint, isUnreached: true);
        }

        var socket = chain.OfType<SocketException>().FirstOrDefault();
        var http = chain.OfType<HttpRequestException>().FirstOrDefault();
        return socket is not null && http?.HttpRequestError is HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError
            ? Unreachable(endpoint, cause, Explain(socket!), isUnreached: true)
            : OfProtocol(endpoint, cause, chain, http);
    }

    private const string ServerCertificateHint = "Check --cacert and the host name in --endpoints; kubeadm's CA is /etc/kubernetes/pki/etcd/ca.crt.";

    private static ConnectionFault? OfProtocol(
        EtcdEndpoint endpoint, Exception cause, IReadOnlyList<Exception> chain, HttpRequestException? http)
    {
        var isHttps = endpoint.Address.Scheme == Uri.UriSchemeHttps;
        if (chain.OfType<AuthenticationException>().Any()
            || http?.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return Tls(endpoint, cause, "The TLS handshake failed; the server may not speak TLS at all.",
                "If this etcd listens without TLS, write http:// in --endpoints.", isUnreached: true);
        }

        if (chain.Any(e => e is TimeoutException))
        {
            return Unreachable(endpoint, cause, "no connection came about in time", isUnreached: true);
        }

        return chain.Any(e => e is HttpIOException or IOException or SocketException or HttpRequestException)
            ? Broken(endpoint, cause, isHttps)
            : null;
    }

    private static ConnectionFault Broken(EtcdEndpoint endpoint, Exception cause, bool isHttps) =>
        new(
            new SalvorException(ErrorCode.EtcdUnreachable, $"The connection to {endpoint.Name} broke: {cause.Message}", cause)
            {
                IsTransient = true,
                Hint = isHttps
                    ? "See whether etcd still runs, and what its log says."
                    : "See whether etcd still runs; if it serves TLS, write https:// in --endpoints.",
            },
            IsUnreached: false);

    private static ConnectionFault Unreachable(EtcdEndpoint endpoint, Exception cause, string why, bool isUnreached) =>
        new(
            new SalvorException(ErrorCode.EtcdUnreachable, $"Cannot reach etcd at {endpoint.Name}: {why}.", cause)
            {
                IsTransient = true,
                Hint = "Check --endpoints, and that etcd runs (crictl ps --name etcd).",
            },
            isUnreached);

    private static ConnectionFault Tls(EtcdEndpoint endpoint, Exception cause, string why, string hint,
        bool isUnreached) =>
        new(new SalvorException(ErrorCode.EtcdTls, $"TLS to {endpoint.Name} failed. {why}", cause) { Hint = hint }, isUnreached);

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
