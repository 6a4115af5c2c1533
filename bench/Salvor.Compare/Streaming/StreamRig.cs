namespace Salvor.Compare.Streaming;

/// <summary>An etcd with the load, a writer, and a repository in a bucket that is as far away as real ones.</summary>
public sealed class StreamRig : IAsyncDisposable
{
    private const int DelaySeed = 4;
    private static readonly TimeSpan DelayMedian = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan DelayP99 = TimeSpan.FromMilliseconds(300);
    private readonly Workbench _bench;
    private readonly ComparedEtcd _etcd;
    private readonly EmulatedS3 _s3;
    private string[] _place = [];

    private StreamRig(Workbench bench, ComparedEtcd etcd, EmulatedS3 s3)
    {
        _bench = bench;
        _etcd = etcd;
        _s3 = s3;
        Proxy = new SlowProxy(s3.Port, new LogNormal(DelayMedian, DelayP99, DelaySeed));
        Writer = new PacedWriter(etcd, bench.Load);
    }

    public SlowProxy Proxy { get; }

    public PacedWriter Writer { get; }

    /// <summary>The options that lead to the repository and to etcd.</summary>
    public string[] Options => [.. _place, "--endpoints", _etcd.Endpoint];

    /// <summary>Starts all of it, with a first snapshot in the repository.</summary>
    /// <param name="bench">The programs and the load.</param>
    /// <param name="motoServer">What serves the bucket.</param>
    /// <param name="name">What files are called after.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<StreamRig> StartAsync(
        Workbench bench, string motoServer, string name, CancellationToken ct)
    {
        var etcd = await bench.StartLoadedAsync($"{name}-etcd", ct);
        EmulatedS3 s3;
        try
        {
            s3 = await EmulatedS3.StartAsync(motoServer, ct);
        }
        catch
        {
            await etcd.DisposeAsync();
            throw;
        }

        var rig = new StreamRig(bench, etcd, s3);
        try
        {
            string[] access =
            [
                "--s3-endpoint", rig.Proxy.Endpoint.ToString(), "--s3-path-style", "--s3-region", "us-east-1",
            ];
            rig._place = await bench.MakeRepositoryAsync(name, $"s3://{EmulatedS3.Bucket}/{name}", access, ct);
            await rig.BackupAsync(ct);
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    public Task<Sample> BackupAsync(CancellationToken ct) =>
        TimedProcess.RunAsync(_bench.Salvor, ["backup", .. Options], ct);

    /// <summary>Starts a stream, and waits until it has stored a change that came after its start.</summary>
    public async Task<StreamProcess> StartStreamAsync(CancellationToken ct)
    {
        var stream = StreamProcess.Start(_bench.Salvor, Options);
        try
        {
            await stream.WaitUntilStoredAsync(await Writer.PutOneAsync(ct), ct);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Writer.Dispose();
        await Proxy.DisposeAsync();
        await _s3.DisposeAsync();
        await _etcd.DisposeAsync();
    }
}
