using Salvor.Backup.Streaming;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.Repository;
using Salvor.Repository.Keeping;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;
using Salvor.Tests.Repository.Keeping;
using Salvor.Tests.Support;

namespace Salvor.Tests.Backup.Streaming;

/// <summary>Some days of two streamers, two backups and two pruners on one repository; of each, one clock is an hour
/// fast and the other one an hour slow.</summary>
internal sealed class WritersTogether
{
    private static readonly TimeSpan Duration = TimeSpan.FromDays(5);

    /// <summary>Longer than a prune plan waits: else whatever is deleted would be out of it anyway.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromHours(48);

    private static readonly TimeSpan[] Skews = [TimeSpan.FromHours(-1), TimeSpan.FromHours(1)];

    private readonly SimulatedWorld _world;
    private readonly Random _random;
    private readonly SeededEntropy _entropy;
    private readonly KeptRepository _repository;
    private readonly ModelEtcd _etcd;
    private readonly DateTimeOffset _end;
    private readonly List<(DateTimeOffset Time, long Revision)> _acknowledged = [];
    private long _deleted;
    private int _snapshots;

    public WritersTogether(SimulatedWorld world, int seed)
    {
        _world = world;
        _random = new Random(seed);
        _entropy = new SeededEntropy(seed);
        _etcd = new ModelEtcd(_random, world.Time);
        _end = world.Time.GetUtcNow() + Duration;
        _repository = new KeptRepository(new MemoryStore(world.Time), seed)
        {
            Policy = new RetentionPolicy
            {
                KeepLast = 2,
                Hourly = 0,
                Daily = 0,
                Weekly = 0,
                Monthly = 0,
                Continuous = Window,
                UnverifiedMax = 2,
            },
        };
    }

    private bool IsOver => _world.Time.GetUtcNow() >= _end;

    private SegmentStore Log => LogOn(_repository.Store);

    private SnapshotCatalog Catalog => new(new OpenRepository(_repository.Store, _repository.Sealer));

    /// <returns>How much there was: segments at the end, snapshots taken, objects deleted.</returns>
    public async Task<(int Segments, int Snapshots, long Deleted)> RunAsync()
    {
        await _repository.BeginAsync(_world.Time, CancellationToken.None);
        _etcd.Write();
        await TakeAsync(_repository.Store, _world.Time, isCutShort: false);
        var actors = new List<Task> { ChangeAsync() };
        foreach (var skew in Skews)
        {
            var clock = new SkewedTime(_world.Time, skew);
            actors.AddRange([StreamAsync(clock), BackupAsync(clock), PruneAsync(clock)]);
        }

        await Task.WhenAll(actors);
        await _repository.RequireAllWholeAsync(_repository.Store, CancellationToken.None);
        await RequireAcknowledgedAsync();
        await RequireTrueAsync();
        var segments = (await Log.ListAsync(CancellationToken.None)).Segments;
        return (segments.Count, _snapshots, _deleted);
    }

    private async Task ChangeAsync()
    {
        while (!IsOver)
        {
            await PauseAsync(90);
            for (var count = _random.Next(1, 6); count > 0; count--)
            {
                _etcd.Write();
            }
        }
    }

    /// <summary>Streams that come and go: some are stopped, and some are killed at a call to the store.</summary>
    private async Task StreamAsync(TimeProvider clock)
    {
        while (!IsOver)
        {
            var store = new ModelStore(_repository.Store, _random, _world.Time)
            {
                FailPercent = _random.Next(2) * 20,
                KillAtHalfCall = _random.Next(2) == 0 ? _random.Next(1, 80) : -1,
            };
            using var stop = new CancellationTokenSource();
            var machine = new StreamMachine(new InlineCpuPool(), _entropy, clock);
            var taker = new Taker(this, clock);
            var streamer = new LogStreamer(_etcd, LogOn(store), taker, new StreamOptions(), machine, happened =>
            {
                if (happened is StreamEvent.Stored stored)
                {
                    Acknowledge(stored.Last);
                }
            });
            var newest = (await Catalog.ListAsync(KeptRepository.Timeline, CancellationToken.None))[^1].Revision;
            var run = streamer.RunAsync(newest, null, stop.Token);
            await Task.WhenAny(run, store.Killed.Task, PauseAsync(600));
            stop.Cancel();
            await Task.WhenAny(run, store.Killed.Task);
            if (run.IsCompleted)
            {
                await run;
            }
        }
    }

    private async Task BackupAsync(TimeProvider clock)
    {
        var way = new SlowStore(_repository.Store, _world.Time, _random, TimeSpan.FromMinutes(2));
        while (!IsOver)
        {
            await PauseAsync(400);
            await TakeAsync(way, clock, isCutShort: _random.Next(4) == 0);
        }
    }

    private async Task TakeAsync(IObjectStore way, TimeProvider clock, bool isCutShort)
    {
        _repository.Change(_etcd.Head);
        var taken = await _repository.TakeAsync(way, clock, isCutShort, CancellationToken.None);
        if (taken is null)
        {
            return;
        }

        _snapshots++;
        Acknowledge(taken.Revision);
        if (_random.Next(2) == 0)
        {
            _repository.Verified.Add(taken.Id);
        }
    }

    private async Task PruneAsync(TimeProvider clock)
    {
        var way = new SlowStore(_repository.Store, _world.Time, _random, TimeSpan.FromSeconds(2));
        while (!IsOver)
        {
            await PauseAsync(600);
            try
            {
                var crashing = new CrashingStore(way, _random.Next(3) == 0 ? _random.Next(60) : null);
                var report = await _repository.PruneAsync(crashing, clock, isDryRun: false, CancellationToken.None);
                _deleted += report.Deleted.Snapshots + report.Deleted.Packs + report.Deleted.Segments;
            }
            catch (StoreCrashException)
            {
            }
            catch (SalvorException e) when (e.IsTransient)
            {
            }

            await RequireAcknowledgedAsync();
        }
    }

    private void Acknowledge(long revision) => _acknowledged.Add((_world.Time.GetUtcNow(), revision));

    /// <summary>Whatever was acknowledged in the window can be reached from a snapshot without a gap.</summary>
    private async Task RequireAcknowledgedAsync()
    {
        var now = _world.Time.GetUtcNow();
        var recent = _acknowledged.Where(a => a.Time > now - Window).Select(a => a.Revision).ToList();
        recent.Add(_acknowledged.Max(a => a.Revision));
        var index = await Log.ListAsync(CancellationToken.None);
        var snapshots = await Catalog.ListAsync(KeptRepository.Timeline, CancellationToken.None);
        var reach = snapshots.Select(s => (First: s.Revision, Last: index.EndOf(s.Revision))).ToList();
        foreach (var revision in recent.Distinct())
        {
            Assert.True(
                reach.Any(r => r.First <= revision && revision <= r.Last),
                $"Revision {revision} can't be restored: {string.Join(' ', reach)}.");
        }
    }

    /// <summary>Every segment says what etcd did.</summary>
    private async Task RequireTrueAsync()
    {
        foreach (var segment in (await Log.ListAsync(CancellationToken.None)).Segments)
        {
            var reader = await Log.OpenAsync(segment, CancellationToken.None);
            while (reader.TryReadRevision())
            {
                var changes = new List<string>();
                while (reader.TryReadChange(out var change))
                {
                    changes.Add($"{change.Kind} {Convert.ToHexString(change.Bytes.Span)}");
                }

                Assert.Equal(_etcd.Stored(reader.Revision), changes);
            }
        }
    }

    private SegmentStore LogOn(IObjectStore store) =>
        new(new OpenRepository(store, _repository.Sealer), KeptRepository.Timeline);

    private Task PauseAsync(int minutesMax) =>
        Task.Delay(TimeSpan.FromSeconds(_random.Next(1, 60 * minutesMax)), _world.Time);

    private sealed class Taker(WritersTogether owner, TimeProvider clock) : ISnapshotTaker
    {
        public async Task<long> TakeAsync(string reason, CancellationToken ct)
        {
            await owner.TakeAsync(owner._repository.Store, clock, isCutShort: false);
            return owner._repository.Revision;
        }
    }
}
