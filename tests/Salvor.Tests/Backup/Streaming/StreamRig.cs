using Salvor.Backup.Streaming;
using Salvor.Repository;
using Salvor.Repository.Keys;
using Salvor.Repository.Log;
using Salvor.Tests.Support;

namespace Salvor.Tests.Backup.Streaming;

/// <summary>A model of etcd, a store, and streams that come and go between them.</summary>
internal sealed class StreamRig : ISnapshotTaker
{
    private const long SpoolBytesMax = 1 << 20;

    private readonly SimulatedWorld _world;
    private readonly Random _random;
    private readonly SeededEntropy _entropy;
    private readonly RepositoryKey _key;
    private readonly RepositoryId _id;

    public StreamRig(SimulatedWorld world, int seed)
    {
        _world = world;
        _random = new Random(seed);
        _entropy = new SeededEntropy(seed);
        _key = RepositoryKey.New(_entropy);
        _id = RepositoryId.New(_entropy);
        Disk = new MemoryStore(world.Time);
        Etcd = new ModelEtcd(_random, world.Time);
    }

    public MemoryStore Disk { get; }

    public ModelEtcd Etcd { get; init; }

    /// <summary>Everything that was reported, of all streams.</summary>
    public List<StreamEvent> Events { get; } = [];

    /// <summary>The last revision that any stream called safe.</summary>
    public long Safe { get; private set; }

    /// <summary>The newest snapshot's revision; null for none.</summary>
    public long? Snapshot { get; private set; } = 1;

    public SegmentOrigin? SnapshotOrigin { get; set; }

    public StreamOptions Options { get; init; } = new();

    /// <summary>Where streams spool; it outlives them. Null for nowhere.</summary>
    public MemoryFiles? SpoolFiles { get; init; }

    public SegmentSpool? Spool { get; private set; }

    /// <summary>A way to the store that can fail or die on its own.</summary>
    public ModelStore NewStore() => new(Disk, _random, _world.Time);

    public LogStreamer NewStreamer(ModelStore store)
    {
        var machine = new StreamMachine(new InlineCpuPool(), _entropy, _world.Time);
        if (SpoolFiles is not null)
        {
            Spool?.Dispose(); // The lock of a process that was killed.
            Spool = SegmentSpool.Open(SpoolFiles, "/spool", SpoolBytesMax, etcdDirectories: []);
        }

        return new LogStreamer(Etcd, LogOn(store), this, Options with { Spool = Spool }, machine, Report);
    }

    /// <summary>Streams until the token says stop, or until the store's user is killed.</summary>
    public async Task<bool> StreamAsync(ModelStore store, CancellationToken stop)
    {
        var streamer = NewStreamer(store);
        var run = streamer.RunAsync(Snapshot, SnapshotOrigin, stop);
        await Task.WhenAny(run, store.Killed.Task);
        return store.Killed.Task.IsCompleted ? false : await run;
    }

    public void ForgetSnapshot() => Snapshot = null;

    public async Task<long> TakeAsync(string reason, CancellationToken ct)
    {
        var head = Etcd.Head;
        await Task.Delay(TimeSpan.FromSeconds(1), _world.Time, ct);
        Snapshot = head;
        return head;
    }

    /// <summary>Writes so many revisions at random moments.</summary>
    public async Task WriteAsync(int count, int valueBytes = 20)
    {
        for (var i = 0; i < count; i++)
        {
            await PauseAsync(_random.Next(40));
            Etcd.Write(_random.Next(1, 2 * valueBytes));
        }
    }

    public Task PauseAsync(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), _world.Time);

    /// <summary>Waits until something holds, and fails after an hour of simulated time.</summary>
    public async Task UntilAsync(Func<bool> holds)
    {
        var limit = _world.Time.Elapsed + TimeSpan.FromHours(1);
        while (!holds())
        {
            Assert.True(
                _world.Time.Elapsed < limit,
                $"It never came true. Last: {string.Join(" | ", Events.TakeLast(5))}");
            await PauseAsync(10);
        }
    }

    /// <summary>
    /// The log has no gap from the newest snapshot to a revision, and every segment says what etcd did.
    /// </summary>
    public async Task ShouldHoldAsync(long through, long after)
    {
        var log = LogOn(NewStore());
        var index = await log.ListAsync(CancellationToken.None);
        Assert.Empty(index.ChainOf(after, through).Gaps);
        foreach (var segment in index.Segments)
        {
            var reader = await log.OpenAsync(segment, CancellationToken.None);
            while (reader.TryReadRevision())
            {
                var changes = new List<string>();
                while (reader.TryReadChange(out var change))
                {
                    changes.Add($"{change.Kind} {Convert.ToHexString(change.Bytes.Span)}");
                }

                Assert.Equal(Etcd.Stored(reader.Revision), changes);
            }
        }
    }

    public SegmentStore LogOn(ModelStore store) =>
        new(new OpenRepository(store, new ObjectSealer(_id, _key, _entropy)), new TimelineId(1));

    private void Report(StreamEvent happened)
    {
        Events.Add(happened);
        Safe = happened switch
        {
            StreamEvent.Stored stored => Math.Max(Safe, stored.Last),
            StreamEvent.Resumed resumed => Math.Max(Safe, resumed.Revision),
            _ => Safe,
        };
    }
}
