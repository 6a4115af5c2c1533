using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace Salvor.IntegrationTests.Support;

/// <summary>
/// A real etcd on loopback, on ports of its own, that can be stopped, killed and started again on the same data.
/// </summary>
public sealed class EtcdServer : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(20);
    private readonly EtcdServerOptions _options;
    private readonly TempDirectory? _temporary;
    private readonly List<string> _earlierLogs = [];
    private ToolProcess? _process;
    private int _clientPort;
    private int _peerPort;
    private int _metricsPort;

    private EtcdServer(EtcdServerOptions options)
    {
        _options = options;
        Binaries = EtcdBinaries.Of(options.Suite);
        if (options.DataDirectory is null)
        {
            _temporary = new TempDirectory();
        }

        DataDirectory = options.DataDirectory ?? _temporary!["data"];
        ChoosePorts();
    }

    public EtcdBinaries Binaries { get; }

    public string DataDirectory { get; }

    /// <summary>The file of etcd's backend.</summary>
    public string DatabaseFile => Path.Combine(DataDirectory, "member", "snap", "db");

    /// <summary>The client URL.</summary>
    public string Endpoint => $"{Scheme}://127.0.0.1:{_clientPort}";

    /// <summary>The URL that this member announces to its peers.</summary>
    public string PeerUrl => $"http://127.0.0.1:{_peerPort}";

    public int ProcessId => Running.Id;

    /// <summary>etcd's own command line client, set up for this server.</summary>
    public Etcdctl Etcdctl => new(Binaries, Endpoint, _options.Certificates);

    /// <summary>Everything that etcd logged, over all its starts, a JSON object a line.</summary>
    public string Log => string.Concat([.. _earlierLogs, _process?.Stderr]);

    private string Scheme => _options.Certificates is null ? "http" : "https";

    private ToolProcess Running => _process ?? throw new InvalidOperationException("This etcd is stopped.");

    public static Task<EtcdServer> StartAsync(string suite) => StartAsync(new EtcdServerOptions { Suite = suite });

    /// <summary>
    /// Starts etcd and returns once it serves; an etcd that ends or stays unhealthy fails the test with its log.
    /// </summary>
    public static async Task<EtcdServer> StartAsync(EtcdServerOptions options)
    {
        const int AttemptsMax = 5;
        var server = new EtcdServer(options);
        try
        {
            for (var attempt = 1; !await server.TryStartAsync(lastAttempt: attempt == AttemptsMax); attempt++)
            {
                server.ChoosePorts();
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>
    /// Starts it again after <see cref="StopAsync"/> or <see cref="KillAsync"/>, on the same data and ports.
    /// </summary>
    public async Task StartAgainAsync()
    {
        Assert.Null(_process);
        await TryStartAsync(lastAttempt: true);
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task StopAsync()
    {
        Running.SendTerminate();
        await EndAsync();
    }

    /// <summary>SIGKILL, and waits for the end.</summary>
    public async Task KillAsync()
    {
        Running.Kill();
        await EndAsync();
    }

    /// <summary>
    /// Fails the test when etcd logged an error, a panic or worse, other than lines that hold one of these.
    /// </summary>
    public void ShouldHaveCleanLog(params ReadOnlySpan<string> allowed) => EtcdLog.ShouldBeClean(Log, allowed);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _temporary?.Dispose();
    }

    private void ChoosePorts()
    {
        _clientPort = LoopbackPorts.Next();
        _peerPort = LoopbackPorts.Next();
        _metricsPort = LoopbackPorts.Next();
    }

    private async Task EndAsync()
    {
        await Running.FinishAsync();
        _earlierLogs.Add(Running.Stderr);
        await Running.DisposeAsync();
        _process = null;
    }

    /// <summary>False when a port was taken meanwhile, and there are attempts left.</summary>
    private async Task<bool> TryStartAsync(bool lastAttempt)
    {
        _process = ToolProcess.Start(Binaries.Etcd, Arguments(), Environment());
        var start = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync())
        {
            if (Running.HasExited)
            {
                await Running.FinishAsync(); // The last log lines are still in the pipe.
            }

            if (Running.HasExited && !lastAttempt
                && Running.Stderr.Contains("address already in use", StringComparison.Ordinal))
            {
                await Running.DisposeAsync();
                _process = null;
                return false;
            }

            if (Running.HasExited || Stopwatch.GetElapsedTime(start) > _options.StartTimeout)
            {
                var outcome = Running.HasExited ? "ended" : "did not become healthy";
                Assert.Fail($"{Binaries} {outcome} on {DataDirectory}.\n{EtcdLog.Tail(Running.Stderr)}");
            }

            await Task.Delay(PollPeriod, TestContext.Current.CancellationToken);
        }

        return true;
    }

    private async Task<bool> IsReadyAsync()
    {
        if (!Running.Stderr.Contains("serving client traffic", StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            var url = new Uri($"http://127.0.0.1:{_metricsPort}/health");
            using var answer = await Http.GetAsync(url, TestContext.Current.CancellationToken);
            return answer.StatusCode == HttpStatusCode.OK || _options.MayHaveAlarms;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return false; // Not in time: it is asked again.
        }
    }

    /// <summary>etcd 3.4 refuses to run on arm64 unless it is told that this is meant.</summary>
    private (string, string?)[] Environment() =>
        Binaries.Is34 && RuntimeInformation.OSArchitecture == Architecture.Arm64
            ? [("ETCD_UNSUPPORTED_ARCH", "arm64")]
            : [];

    private List<string> Arguments()
    {
        List<string> arguments =
        [
            $"--name={_options.Name}", $"--data-dir={DataDirectory}",
            $"--listen-client-urls={Endpoint}", $"--advertise-client-urls={Endpoint}",
            $"--listen-peer-urls={PeerUrl}", $"--initial-advertise-peer-urls={PeerUrl}",
            $"--initial-cluster={_options.Name}={PeerUrl}",
            $"--listen-metrics-urls=http://127.0.0.1:{_metricsPort}",
            "--logger=zap", "--log-outputs=stderr",
            // A lone member elects itself: there is no reason to wait the usual second for it.
            "--heartbeat-interval=20", "--election-timeout=200",
        ];
        if (_options.WalDirectory is { } wal)
        {
            arguments.Add($"--wal-dir={wal}");
        }

        if (_options.Certificates is { } certificates)
        {
            arguments.AddRange(
                $"--cert-file={certificates.Server.Certificate}", $"--key-file={certificates.Server.Key}",
                $"--trusted-ca-file={certificates.Authority}", "--client-cert-auth=true");
        }

        arguments.AddRange(_options.ExtraArguments);
        return arguments;
    }
}
