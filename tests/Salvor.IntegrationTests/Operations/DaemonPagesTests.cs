using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Salvor.IntegrationTests.Repository;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Operations;

/// <summary>A guard as it ships, with its pages, and clients that mean well and ill.</summary>
public sealed class DaemonPagesTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RepositoryRig _rig = new();
    private readonly int _port = LoopbackPorts.Next();
    private readonly HttpClient _http = new() { Timeout = Patience };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _rig.Dispose();
    }

    [Fact]
    public async Task A_guard_tells_what_it_sees_and_that_it_is_well()
    {
        await using var guard = await StartAsync();

        var page = await PageWithAsync("salvor_observation{cluster=\"prod\",sign=\"EndpointAccepts\"} 0\n");

        Assert.Contains("salvor_guard_leads{cluster=\"prod\"} 0\n", page);
        Assert.Contains("salvor_observation{cluster=\"prod\",sign=\"RepositoryReachable\"} 1\n", page);
        Assert.Contains("role=\"guard\"} 1\n", page);
        Assert.Equal(page.Split('\n').Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).Distinct(),
            page.Split('\n').Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)));
        Assert.Equal("ok\n", await _http.GetStringAsync(Url("/healthz"), Ct));
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(Url("/"), Ct)).StatusCode);
        Assert.Equal(
            HttpStatusCode.MethodNotAllowed, (await _http.PostAsync(Url("/metrics"), null, Ct)).StatusCode);
        var resident = double.Parse(
            page.Split('\n').Single(line => line.StartsWith("process_resident_memory_bytes ", StringComparison.Ordinal))
                .Split(' ')[1], CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"resident: {resident / 1e6:0.0} MB");
        Assert.True(!SalvorCommand.IsPublished || resident < 80e6, $"{resident / 1e6:0.0} MB");
    }

    [Fact]
    public async Task Clients_that_hang_or_send_rubbish_keep_nobody_from_the_page_and_the_guard_from_no_end()
    {
        await using var guard = await StartAsync();
        await PageWithAsync("salvor_mode");
        var silent = new List<TcpClient>();
        for (var i = 0; i < 40; i++)
        {
            silent.Add(new TcpClient());
            await silent[^1].ConnectAsync(IPAddress.Loopback, _port, Ct);
        }

        Assert.StartsWith(
            "HTTP/1.1 431", await AskAsync($"GET /metrics HTTP/1.1\r\nHost: a\r\nX: {new('x', 20_000)}\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 400", await AskAsync("\0\u0001\u0002 nonsense\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 414", await AskAsync($"GET /{new('x', 20_000)} HTTP/1.1\r\nHost: a\r\n\r\n"));
        await PageWithAsync("salvor_mode");

        var start = Stopwatch.GetTimestamp();
        guard.SendTerminate();
        var result = await guard.FinishAsync(timeout: Patience);
        Assert.Equal(0, result.ExitCode);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
        silent.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_place_that_is_taken_is_said_and_the_guard_goes_on()
    {
        using var taken = new TcpListener(IPAddress.Loopback, _port);
        taken.Start();

        await using var guard = await StartAsync();

        await UntilAsync(() => guard.Stderr.Contains("look:", StringComparison.Ordinal), guard);
        Assert.Contains($"Can't listen at 127.0.0.1:{_port}", guard.Stderr);
        Assert.Contains("metrics.listen", guard.Stderr);
        Assert.False(guard.HasExited);
    }

    [Fact]
    public async Task An_address_that_is_not_there_yet_is_said_and_the_guard_goes_on()
    {
        await using var guard = await StartAsync("192.0.2.1");

        await UntilAsync(() => guard.Stderr.Contains("look:", StringComparison.Ordinal), guard);
        Assert.Contains($"Can't listen at 192.0.2.1:{_port}", guard.Stderr);
        Assert.False(guard.HasExited);
    }

    private Uri Url(string path) => new($"http://127.0.0.1:{_port}{path}");

    private async Task<ToolProcess> StartAsync(string address = "127.0.0.1")
    {
        await _rig.InitAsync();
        var config = _rig["guard.yaml"];
        await File.WriteAllTextAsync(config, $"""
            repository:
              location: {_rig.Location}
              keyFile: {_rig.KeyFile}
            recovery:
              guard:
                cluster: prod
                endpoint: https://127.0.0.1:{LoopbackPorts.Next()}
                cloud: aws
                region: eu-central-1
                instanceId: i-0123456789abcdef0
            metrics:
              listen: {address}:{_port}
            """, Ct);
        var nowhere = $"http://127.0.0.1:{LoopbackPorts.Next()}";
        return SalvorCommand.StartWith(
            [
                ("AWS_ENDPOINT_URL", nowhere), ("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"),
                ("AWS_EC2_METADATA_DISABLED", "true"),
            ],
            "guard", "--config", config);
    }

    private async Task<string> PageWithAsync(string wanted)
    {
        var start = Stopwatch.GetTimestamp();
        var page = "";
        while (Stopwatch.GetElapsedTime(start) < Patience)
        {
            try
            {
                page = await _http.GetStringAsync(Url("/metrics"), Ct);
                if (page.Contains(wanted, StringComparison.Ordinal))
                {
                    return page;
                }
            }
            catch (HttpRequestException)
            {
                // It is about to begin.
            }

            await Task.Delay(100, Ct);
        }

        Assert.Fail($"No page with {wanted}, but:\n{page}");
        return "";
    }

    private static async Task UntilAsync(Func<bool> isSo, ToolProcess guard)
    {
        var start = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, guard.Stderr);
            await Task.Delay(100, Ct);
        }
    }

    private async Task<string> AskAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port, Ct);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Ct);
        var buffer = new byte[1024];
        var read = await stream.ReadAsync(buffer, Ct);
        return Encoding.Latin1.GetString(buffer, 0, read);
    }
}
