using System.Diagnostics;
using Salvor.EtcdClient;
using Salvor.Load;

namespace Salvor.Compare.Streaming;

/// <summary>Puts at a fixed rate, whether etcd has answered the ones before or not.</summary>
/// <remarks>
/// A writer that waits for answers would send less just when etcd is slow, and hide what it wants to see.
/// </remarks>
public sealed class PacedWriter : IDisposable
{
    public const int PutsPerSecond = 1000;
    private const int Connections = 4;
    private const int ValueBytesMean = 1000;
    private const int Seed = 3;

    /// <summary>Made beforehand, and used again and again: making values takes longer than sending them.</summary>
    private const int Prepared = 8192;

    /// <summary>Opens connections and compiles code; it does not count.</summary>
    private const int LeadInSeconds = 1;

    private static readonly long Period = Stopwatch.Frequency / PutsPerSecond;
    private readonly EtcdConnection[] _connections;
    private readonly (byte[] Key, byte[] Value)[] _puts;

    public PacedWriter(ComparedEtcd etcd, LoadOptions load)
    {
        _connections = [.. Enumerable.Range(0, Connections).Select(_ => etcd.Connect())];
        _puts =
        [
            .. new KubernetesLoad(load).Changes(Seed, ValueBytesMean).Take(Prepared)
                .Select(put => (put.KeyBytes, put.Value!)),
        ];
    }

    /// <summary>Writes for a time.</summary>
    /// <returns>Every put after the lead-in.</returns>
    public async Task<IReadOnlyList<PutRecord>> RunAsync(TimeSpan duration, CancellationToken ct)
    {
        var puts = new Task<PutRecord>[(int)((LeadInSeconds + duration.TotalSeconds) * PutsPerSecond)];
        // A thread of its own keeps the schedule while the pool is busy with answers.
        await Task.Factory.StartNew(
            () => Send(puts, ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return [.. (await Task.WhenAll(puts)).Skip(LeadInSeconds * PutsPerSecond)];
    }

    /// <summary>One put outside of any schedule.</summary>
    /// <returns>Its revision.</returns>
    public async Task<long> PutOneAsync(CancellationToken ct) =>
        (await PutAsync(0, Stopwatch.GetTimestamp(), ct)).Revision;

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private void Send(Task<PutRecord>[] puts, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < puts.Length; i++)
        {
            var due = start + (i * Period);
            while (Stopwatch.GetTimestamp() < due)
            {
                Thread.Sleep(TimeSpan.FromMilliseconds(1));
            }

            puts[i] = ct.IsCancellationRequested ? Task.FromCanceled<PutRecord>(ct) : PutAsync(i, due, ct);
        }
    }

    private async Task<PutRecord> PutAsync(int index, long due, CancellationToken ct)
    {
        var (key, value) = _puts[index % _puts.Length];
        var sent = Stopwatch.GetTimestamp();
        var revision = await _connections[index % Connections].Keys.PutAsync(key, value, leaseId: 0, ct);
        return new PutRecord(due, sent, Stopwatch.GetTimestamp(), revision);
    }
}
