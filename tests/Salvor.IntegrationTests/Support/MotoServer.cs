using System.Diagnostics;

namespace Salvor.IntegrationTests.Support;

/// <summary>A third party's emulation of S3 on loopback, as eng/moto-server starts it.</summary>
/// <remarks>
/// With authentication on, signatures and policies are checked after the first requests that set them up.
/// </remarks>
public sealed class MotoServer : IAsyncDisposable
{
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
        var port = LoopbackPorts.Next();
        var process = ToolProcess.Start(
            Path.Combine(RepositoryRoot.FullName, "eng", "moto-server"),
            [$"{port}"],
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
