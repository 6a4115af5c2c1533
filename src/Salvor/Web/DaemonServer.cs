using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Salvor.Errors;

namespace Salvor.Web;

/// <summary>Serves <c>/metrics</c> and <c>/healthz</c> of a daemon: read only, without a secret in them.</summary>
internal sealed class DaemonServer : IAsyncDisposable
{
    private const int ConnectionsMax = 64;
    private const int HeadBytesMax = 8 << 10;
    private static readonly TimeSpan HeadLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private readonly KestrelServer _server;

    private DaemonServer(KestrelServer server) => _server = server;

    /// <summary>
    /// Starts it, where a place is named. A daemon whose pages can't be served says so, and does its work without.
    /// </summary>
    public static async Task<DaemonServer?> TryStartAsync(
        IPEndPoint? place, DaemonPages pages, Action<string> say, CancellationToken ct)
    {
        try
        {
            return place is null ? null : await StartAsync(place, pages, ct);
        }
        catch (SalvorException e)
        {
            say($"{e.Message} {e.Hint}");
            return null;
        }
    }

    /// <param name="place">Where it listens.</param>
    /// <param name="pages">What it serves.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <exception cref="SalvorException">It can't listen there.</exception>
    public static async Task<DaemonServer> StartAsync(IPEndPoint place, DaemonPages pages, CancellationToken ct)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = ConnectionsMax;
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.MaxRequestHeadersTotalSize = HeadBytesMax;
        options.Limits.MaxRequestLineSize = HeadBytesMax / 2;
        options.Limits.RequestHeadersTimeout = HeadLimit;
        options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        options.Listen(place, listen => listen.Protocols = HttpProtocols.Http1);
        var server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new Application(pages), ct);
            return new DaemonServer(server);
        }
        catch (IOException e)
        {
            server.Dispose();
            throw new SalvorException(ErrorCode.Failed, $"Can't listen at {place}: {e.Message}", e)
            {
                Hint = "metrics.listen in the configuration file names the place.",
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        await _server.StopAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _server.Dispose();
    }

    /// <summary>Answers without the layers of a web framework: two pages need none.</summary>
    private sealed class Application(DaemonPages pages) : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
        }

        public async Task ProcessRequestAsync(IFeatureCollection context)
        {
            var request = context.GetRequiredFeature<IHttpRequestFeature>();
            var response = context.GetRequiredFeature<IHttpResponseFeature>();
            var page = pages.Answer(request.Method, request.Path);
            var body = Encoding.UTF8.GetBytes(page.Text);
            response.StatusCode = page.Status;
            response.Headers.ContentType = page.ContentType;
            response.Headers.ContentLength = body.Length;
            response.Headers.CacheControl = "no-store";
            if (request.Method != "HEAD")
            {
                var writer = context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
                await writer.WriteAsync(body);
            }
        }
    }
}
