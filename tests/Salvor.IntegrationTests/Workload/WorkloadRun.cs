using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Workload;

/// <summary>
/// Sends random requests to an etcd until somebody kills it, and keeps the model in step with every answer.
/// </summary>
internal sealed class WorkloadRun(EtcdServer etcd, int seed)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private readonly Random _random = new(seed);
    private WorkloadMaker? _maker;
    private long _revision = 1;

    /// <summary>What every acknowledged request made of the keyspace.</summary>
    public WorkloadModel Acknowledged { get; private set; } = new();

    /// <summary>
    /// The same with the one request that was under way when etcd died, which it may or may not have kept.
    /// </summary>
    public WorkloadModel? WithLast { get; private set; }

    /// <summary>Whether history is compacted now and then.</summary>
    public bool Compacts { get; init; } = true;

    public int Steps { get; private set; }

    /// <summary>Sends so many requests, one after the other.</summary>
    public async Task SendAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await StepAsync();
        }
    }

    /// <summary>Sends requests without a pause, and kills etcd after a time.</summary>
    public async Task SendUntilKilledAsync(TimeSpan time)
    {
        var kill = KillLaterAsync(time);
        var start = Stopwatch.GetTimestamp();
        while (!kill.IsCompleted && Stopwatch.GetElapsedTime(start) < time + TimeSpan.FromSeconds(60))
        {
            try
            {
                await StepAsync();
            }
            catch (HttpRequestException e) when (e.StatusCode is null)
            {
                break; // The connection died with etcd.
            }
        }

        await kill;
    }

    private async Task KillLaterAsync(TimeSpan time)
    {
        await Task.Delay(time, TestContext.Current.CancellationToken);
        await etcd.KillAsync();
    }

    private async Task StepAsync()
    {
        _maker ??= new WorkloadMaker(_random) { Compacts = Compacts };
        var step = _maker.Next(Acknowledged, _revision);
        WithLast = Acknowledged.Clone();
        step.Apply(WithLast);
        using var content = new StringContent(step.Body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        var uri = new Uri(etcd.Endpoint + step.Path);
        using var answer = await Http.PostAsync(uri, content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            Acknowledged = WithLast;
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.TryGetProperty("header", out var header)
                && header.TryGetProperty("revision", out var revision))
            {
                _revision = long.Parse(revision.GetString()!, null);
            }
        }
        else
        {
            // Refused requests are part of the log too: compactions behind the last one, above all.
            Assert.Contains("compact", text, StringComparison.Ordinal);
        }

        WithLast = null;
        Steps++;
    }
}
