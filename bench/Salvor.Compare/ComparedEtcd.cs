using System.Diagnostics;
using Salvor.EtcdClient;
using Salvor.Platform.Linux;

namespace Salvor.Compare;

/// <summary>A real etcd that holds the load.</summary>
public sealed class ComparedEtcd : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private string _lastLine = "";

    private ComparedEtcd(Process process, string endpoint)
    {
        _process = process;
        Endpoint = endpoint;
    }

    /// <summary>The client URL, without a slash at its end, which etcd would not take.</summary>
    public string Endpoint { get; }

    public static async Task<ComparedEtcd> StartAsync(string program, string dataDirectory, CancellationToken ct)
    {
        var client = $"http://127.0.0.1:{LoopbackPort.Free()}";
        var peer = $"http://127.0.0.1:{LoopbackPort.Free()}";
        var start = new ProcessStartInfo(program,
        [
            $"--data-dir={dataDirectory}", $"--listen-client-urls={client}", $"--advertise-client-urls={client}",
            $"--listen-peer-urls={peer}", $"--initial-advertise-peer-urls={peer}", $"--initial-cluster=default={peer}",
            "--quota-backend-bytes=8589934592", "--log-level=error",
        ])
        {
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var etcd = new ComparedEtcd(process, client);
        process.ErrorDataReceived += (_, line) => etcd._lastLine = line.Data ?? etcd._lastLine;
        process.BeginErrorReadLine();
        try
        {
            await etcd.WaitAsync(ct);
            return etcd;
        }
        catch
        {
            await etcd.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection of its own, in etcd's own protocol.</summary>
    public EtcdConnection Connect() => new(
        new EtcdConnectionOptions { Endpoints = [new Uri(Endpoint)] }, new LinuxFileSystem(), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task WaitAsync(CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Endpoint) };
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < StartTimeout && !_process.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/health", UriKind.Relative), ct);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        }

        throw new InvalidOperationException($"etcd did not become healthy at {Endpoint}: {_lastLine}");
    }
}
