using System.Diagnostics.Metrics;

namespace Salvor.ObjectStore.Decorators;

/// <summary>The measurements of stores: requests as they are paid for, bytes, and how long answers took.</summary>
public sealed class StoreMetrics : IDisposable
{
    public const string MeterName = "Salvor.ObjectStore";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _requests;
    private readonly Counter<long> _bytes;
    private readonly Histogram<double> _duration;

    public StoreMetrics()
    {
        _requests = _meter.CreateCounter<long>(
            "salvor.store.requests", "{request}", "Calls of the store, by kind and outcome; each attempt counts.");
        _bytes = _meter.CreateCounter<long>(
            "salvor.store.bytes", "By", "Content that was put or got, by direction.");
        _duration = _meter.CreateHistogram<double>(
            "salvor.store.duration", "s", "Time from a call of the store to its answer, by kind.");
    }

    public void Dispose() => _meter.Dispose();

    internal void Request(string kind, string outcome, TimeSpan elapsed)
    {
        _requests.Add(1, new("kind", kind), new("outcome", outcome));
        _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));
    }

    internal void Bytes(string direction, long count) =>
        _bytes.Add(count, new KeyValuePair<string, object?>("direction", direction));
}
