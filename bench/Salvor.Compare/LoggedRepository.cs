using System.Text.Json;
using Salvor.Compare.Streaming;
using Salvor.Load;

namespace Salvor.Compare;

/// <summary>A repository with a snapshot, and a long log after it that <c>salvor stream</c> wrote.</summary>
public sealed class LoggedRepository(Workbench bench)
{
    private const string Name = "logged";
    private const int ValueBytesMean = 1800;
    private const int Seed = 2;

    /// <summary>Fills it, and makes sure that a restore reads all of it.</summary>
    /// <returns>The options that lead to it.</returns>
    public async Task<string[]> MakeAsync(ComparedEtcd etcd, int events, CancellationToken ct)
    {
        var place = await bench.MakeSnapshotAsync(Name, etcd, ct);
        await using var stream = StreamProcess.Start(bench.Salvor, [.. place, "--endpoints", etcd.Endpoint]);
        var changes = new KubernetesLoad(bench.Load).Changes(Seed, ValueBytesMean).Take(events);
        using var connection = etcd.Connect();
        var written = await new ChangeWriter(connection).RunAsync(changes, ct);
        await stream.WaitUntilStoredAsync(written.Revision, ct);
        await stream.StopAsync(ct);
        if (stream.Troubles.Count > 0)
        {
            throw new InvalidOperationException($"The log is not whole: {string.Join("; ", stream.Troubles)}");
        }

        await CheckAsync(place, written.Revision, events, ct);
        Console.WriteLine(FormattableString.Invariant(
            $"log: {written.Puts} puts, {written.ValueBytes / 1e6:f1} MB, in {stream.Stored.Count} segments"));
        return place;
    }

    private async Task CheckAsync(string[] place, long revision, int events, CancellationToken ct)
    {
        string[] arguments =
        [
            "restore", .. place, "--revision-bump", "0", "--data-dir", bench[$"{Name}-data"], "--dry-run", "--output",
            "json",
        ];
        var (_, output) = await TimedProcess.RunForOutputAsync(bench.Salvor, arguments, ct);
        using var plan = JsonDocument.Parse(output);
        var (stored, logged) = (plan.RootElement.GetProperty("storedRevision").GetInt64(),
            plan.RootElement.GetProperty("logRevisions").GetInt64());
        if (stored != revision || logged != events)
        {
            throw new InvalidOperationException(
                $"A restore would end at revision {stored} with {logged} revisions of log, not at {revision} with "
                + $"{events}.");
        }
    }
}
