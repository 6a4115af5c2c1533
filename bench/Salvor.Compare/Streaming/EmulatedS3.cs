using System.Diagnostics;

namespace Salvor.Compare.Streaming;

/// <summary>A third party's S3 on loopback, as eng/moto-server starts it, with one bucket.</summary>
public sealed class EmulatedS3 : IAsyncDisposable
{
    public const string Bucket = "bench";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(50);
    private readonly Process _process;
    private string _lastLine = "";

    private EmulatedS3(Process process, int port)
    {
        _process = process;
        Port = port;
        // A line a request, which nobody reads, but a full pipe would stop it.
        _process.ErrorDataReceived += (_, line) => _lastLine = line.Data ?? _lastLine;
        _process.BeginErrorReadLine();
    }

    public int Port { get; }

    public static async Task<EmulatedS3> StartAsync(string program, CancellationToken ct)
    {
        // The SDK looks for credentials where a user has them; these are for everything that this process starts.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test");
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        var port = LoopbackPort.Free();
        // A bucket runs on other machines: what this one computes must take no processor from etcd.
        var process = Process.Start(
            new ProcessStartInfo("chrt", ["--idle", "0", program, $"{port}"]) { RedirectStandardError = true })!;
        var server = new EmulatedS3(process, port);
        try
        {
            await server.CreateBucketAsync(ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task CreateBucketAsync(CancellationToken ct)
    {
        using var http = new HttpClient();
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < StartTimeout && !_process.HasExited)
        {
            try
            {
                using var answer = await http.PutAsync(new Uri($"http://127.0.0.1:{Port}/{Bucket}"), content: null, ct);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
            {
                await Task.Delay(PollPeriod, ct); // Not listening yet.
            }
        }

        throw new InvalidOperationException($"moto did not start: {_lastLine}");
    }
}
