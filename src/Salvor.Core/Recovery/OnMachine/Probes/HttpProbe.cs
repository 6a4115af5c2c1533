using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.OnMachine.Probes;

/// <summary>Asks a server of this machine whether it is well.</summary>
/// <remarks>
/// The server's certificate is not checked: nothing is told to it that matters, and an expired or foreign one must not
/// look like a server that is down. Certificates are looked at for themselves.
/// </remarks>
public sealed class HttpProbe : IDisposable
{
    private const int AnswerBytesMax = 64 << 10;

    private readonly Uri _address;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly HttpClient _client;

    /// <param name="address">Scheme, host and port.</param>
    /// <param name="certificate">What to show to it; null for nothing. It is disposed with the probe.</param>
    /// <param name="limit">How long an answer may take.</param>
    /// <param name="time">The clock.</param>
    public HttpProbe(Uri address, X509Certificate2? certificate, TimeSpan limit, TimeProvider time)
    {
        _address = address;
        _time = time;
        _limit = limit;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            MaxResponseHeadersLength = AnswerBytesMax >> 10,
        };
#pragma warning disable CA5359 // See the remarks: whoever answers here is asked nothing but whether it is well.
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        _client = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }

    public async Task<ProbeAnswer> AskAsync(string path, CancellationToken ct)
    {
        using var clock = new CancellationTokenSource(_limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, ct);
        try
        {
            using var answer = await _client.GetAsync(
                new Uri(_address, path), HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => new ProbeAnswer(Truth.Yes, Truth.Yes, ""),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound =>
                    new ProbeAnswer(Truth.Yes, Truth.Unknown, $"{path} answers {(int)answer.StatusCode}"),
                var other => new ProbeAnswer(Truth.Yes, Truth.No, $"{path} answers {(int)other}"),
            };
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException socket)
        {
            return new ProbeAnswer(Truth.No, Truth.No, $"{_address.Authority}: {socket.SocketErrorCode}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new ProbeAnswer(Truth.Yes, Truth.No, $"{_address.Authority}: {e.Message}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // On the own machine a port that nobody listens on refuses at once: silence is a server that hangs.
            return new ProbeAnswer(Truth.Yes, Truth.No, $"{path} did not answer within {_limit.TotalSeconds:0} s");
        }
    }

    public void Dispose() => _client.Dispose();
}
