using System.Diagnostics;

namespace Salvor.IntegrationTests.Support;

/// <summary>A third party's emulation of S3 on loopback, as eng/fetch-moto put it into the cache.</summary>
/// <remarks>
/// It answers one request at a time: its own storage is not made for more. With authentication on, signatures and
/// policies are checked after the first requests that set them up.
/// </remarks>
public sealed class MotoServer : IAsyncDisposable
{
    private const string Program = """
        import sys
        from werkzeug.serving import run_simple
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
        run_simple("127.0.0.1", int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)
        """;

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(50);
    private readonly ToolProcess _process;

    private MotoServer(ToolProcess process, Uri endpoint)
    {
        _process = process;
        Endpoint = endpoint;
    }

    public Uri Endpoint { get; }

    /// <summary>Everything that it logged, a request a line.</summary>
    public string Log => _process.Stderr;

    /// <param name="requestsBeforeAuth">How many requests need no rights; null for all.</param>
    public static async Task<MotoServer> StartAsync(int? requestsBeforeAuth = null)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var cache = Environment.GetEnvironmentVariable("SALVOR_CACHE") ?? Path.Combine(home, ".cache", "salvor");
        var packages = Path.Combine(cache, "moto", "current");
        Assert.True(Directory.Exists(packages), $"{packages} is not there: run eng/fetch-moto.");
        var port = LoopbackPorts.Next();
        var process = ToolProcess.Start(
            "/usr/bin/python3",
            ["-W", "ignore", "-c", Program, $"{port}"],
            ("PYTHONPATH", packages),
            ("INITIAL_NO_AUTH_ACTION_COUNT", requestsBeforeAuth?.ToString(provider: null)));
        var server = new MotoServer(process, new Uri($"http://127.0.0.1:{port}"));
        var start = Stopwatch.GetTimestamp();
        while (!await server.IsReadyAsync())
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(start) > StartMax)
            {
                var log = process.Stderr;
                await server.DisposeAsync();
                Assert.Fail($"moto did not start:\n{log}");
            }

            await Task.Delay(PollPeriod, TestContext.Current.CancellationToken);
        }

        return server;
    }

    public async Task CreateBucketAsync(string bucket)
    {
        using var response = await Http.PutAsync(
            new Uri(Endpoint, bucket), content: null, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            // Its own page, which counts for no rights.
            using var response = await Http.GetAsync(
                new Uri(Endpoint, "moto-api/data.json"), TestContext.Current.CancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
