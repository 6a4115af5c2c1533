using System.Net;
using System.Net.Sockets;
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
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private readonly KestrelServer _server;

    private DaemonServer(KestrelServer server) => _server = server;

    /// <summary>
    /// Serves until it is stopped, where a place is named. A daemon whose pages can't be served says so, does its work
    /// without, and tries again: at boot, the address may not be there yet.
    /// </summary>
    public static async Task RunAsync(
        IPEndPoint? place, DaemonPages pages, Action<string> say, TimeProvider time, CancellationToken stop)
    {
        var isSaid = false;
        while (place is not null && !stop.IsCancellationRequested)
        {
            try
            {
                await using var server = await StartAsync(place, pages, stop);
                await Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
            }
            catch (SalvorException e)
            {
                if (!isSaid)
                {
                    isSaid = true;
                    say($"{e.Message} {e.Hint}");
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(RetryAfter, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <param name="place">Where it listens.</param>
    /// <param name="pages">What it serves.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <exception cref="SalvorException">It can't listen there.</exception>
    private static async Task<DaemonServer> StartAsync(IPEndPoint place, DaemonPages pages, CancellationToken ct)
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
        catch (Exception e) when (e is IOException or SocketException)
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
