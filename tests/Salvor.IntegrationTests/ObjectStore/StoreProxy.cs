using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>
/// Stands between a client and an emulated S3 on loopback, with TLS where it is given a certificate, and does to each
/// request what the test wants.
/// </summary>
/// <remarks>One request a connection: both sides are told to close it, as the emulation does anyway.</remarks>
internal sealed class StoreProxy : IAsyncDisposable
{
    private const int HeadBytesMax = 64 << 10;

    private readonly Uri _store;
    private readonly X509Certificate2? _certificate;
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly CancellationTokenSource _end = new();
    private readonly int _port;
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public StoreProxy(Uri store, CertificateFiles? certificate = null)
    {
        _store = store;
        _certificate = certificate is null
            ? null
            : X509Certificate2.CreateFromPemFile(certificate.Certificate, certificate.Key);
        _port = LoopbackPorts.Next();
        Open();
    }

    public Uri Endpoint => new($"{(_certificate is null ? "http" : "https")}://127.0.0.1:{_port}");

    /// <summary>Decides what is done with each request; called by several threads.</summary>
    public Func<ProxiedRequest, ProxyAction> Decide { get; set; } = _ => ProxyAction.Forward;

    /// <summary>Every request that came, in order.</summary>
    public ConcurrentQueue<ProxiedRequest> Requests { get; } = new();

    /// <summary>The options that lead a command here.</summary>
    public string[] Access => ["--s3-endpoint", Endpoint.ToString(), "--s3-path-style"];

    /// <summary>Listens again after <see cref="Close"/>.</summary>
    public void Open()
    {
        Assert.Null(_listener);
        _listener = new TcpListener(IPAddress.Loopback, _port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Connections are refused, as by a machine whose server has ended.</summary>
    public void Close()
    {
        _listener?.Stop();
        _listener = null;
    }

    public async ValueTask DisposeAsync()
    {
        Close();
        await _end.CancelAsync();
        await _accepting;
        await Task.WhenAll(_running.Keys);
        _certificate?.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return; // Closed.
            }

            var serving = ServeAsync(client);
            _running[serving] = true;
            _ = serving.ContinueWith(done => _running.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = await SecureAsync(client);
                if (await ReadHeadAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    await DoAsync(Decide(request), request, stream, client);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException
                or System.Security.Authentication.AuthenticationException)
            {
                // One of the sides went away, or does not trust the other: what that means is for the client to say.
            }
        }
    }

    private async Task<Stream> SecureAsync(TcpClient client)
    {
        var plain = client.GetStream();
        if (_certificate is null)
        {
            return plain;
        }

        var secure = new SslStream(plain);
        var options = new SslServerAuthenticationOptions { ServerCertificate = _certificate };
        await secure.AuthenticateAsServerAsync(options, _end.Token);
        return secure;
    }

    private async Task<ProxiedRequest?> ReadHeadAsync(Stream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (bytes.Count < HeadBytesMax && await stream.ReadAsync(one, _end.Token) == 1)
        {
            bytes.Add(one[0]);
            if (bytes.Count >= 4 && bytes[^1] == '\n' && bytes[^2] == '\r' && bytes[^3] == '\n')
            {
                var head = Encoding.Latin1.GetString([.. bytes]);
                var first = head[..head.IndexOf('\r', StringComparison.Ordinal)].Split(' ');
                return new ProxiedRequest(first[0], first[1], head);
            }
        }

        return null;
    }

    private async Task DoAsync(ProxyAction action, ProxiedRequest request, Stream stream, TcpClient client)
    {
        if (action is ProxyAction.Hang hang)
        {
            await hang.Until.WaitAsync(_end.Token);
            Reset(client);
            return;
        }

        if (request.ExpectsContinue)
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _end.Token);
        }

        var body = new byte[action is ProxyAction.ResetMidway ? request.ContentLength / 2 : request.ContentLength];
        await stream.ReadExactlyAsync(body, _end.Token);
        switch (action)
        {
            case ProxyAction.Answer answer:
                await stream.WriteAsync(TextOf(answer, request), _end.Token);
                break;
            case ProxyAction.ResetMidway:
                Reset(client);
                break;
            default:
                var answered = await ForwardAsync(request, body);
                var sent = action is ProxyAction.Pass ? answered.Length
                    : action is ProxyAction.CutAnswer cut ? answered.Length * cut.Percent / 100 : 0;
                await stream.WriteAsync(answered.AsMemory(0, sent), _end.Token);
                if (action is ProxyAction.LoseAnswer)
                {
                    Reset(client);
                }

                break;
        }
    }

    private async Task<byte[]> ForwardAsync(ProxiedRequest request, byte[] body)
    {
        using var store = new TcpClient();
        await store.ConnectAsync(IPAddress.Loopback, _store.Port, _end.Token);
        var stream = store.GetStream();
        var head = request.Head.Replace("Expect: 100-continue\r\n", "", StringComparison.OrdinalIgnoreCase);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head[..^2] + "Connection: close\r\n\r\n"), _end.Token);
        await stream.WriteAsync(body, _end.Token);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, _end.Token);
        return answer.ToArray();
    }

    private static byte[] TextOf(ProxyAction.Answer answer, ProxiedRequest request)
    {
        var body = request.Method == "HEAD" ? "" // As S3: the status has to be enough.
            : $"<?xml version=\"1.0\"?><Error><Code>{answer.Code}</Code>"
                + "<Message>The test wants it so</Message></Error>";
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {answer.Status} Answer\r\nContent-Type: application/xml\r\nContent-Length: {body.Length}\r\n"
            + $"{answer.More}Connection: close\r\n\r\n{body}");
    }

    private static void Reset(TcpClient client)
    {
        client.LingerState = new LingerOption(true, 0);
        client.Client.Close();
    }
}
