using Salvor.ObjectStore;
using Salvor.Tests.Support;

namespace Salvor.Tests.Repository.Keeping;

[Collection(SimulatedWorldGroup.Name)]
public sealed class PruneTests
{
    private readonly HandClock _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_nothing_kept_needs_is_planned_first_and_deleted_a_day_later()
    {
        var repository = await WithGarbageAsync();
        var before = repository.Store.Names.ToArray();

        var dry = await repository.PruneAsync(repository.Store, _clock, isDryRun: true, Ct);
        Assert.Equal(before, repository.Store.Names);
        var planned = await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);
        _clock.Elapsed += TimeSpan.FromHours(23);
        var early = await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);
        Assert.Subset(repository.Store.Names.ToHashSet(), before.ToHashSet());
        _clock.Elapsed += TimeSpan.FromHours(1);
        var deleted = await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);

        Assert.Equal(dry.Planned, planned.Planned);
        Assert.True(planned.Planned.Snapshots > 0 && planned.Planned.Packs > 0 && planned.Planned.Segments > 0);
        Assert.Equal(default, planned.Deleted);
        Assert.Equal(default, early.Deleted);
        Assert.Equal(1, early.PlansWaiting);
        Assert.Equal(planned.Planned, deleted.Deleted);
        var kept = planned.Decisions.Where(d => d.IsKept).Select(d => d.Snapshot.Id.Value).ToHashSet();
        Assert.Equal(kept, await repository.RequireAllWholeAsync(repository.Store, Ct));
        Assert.DoesNotContain(repository.Store.Names, name => name.StartsWith("clock/", StringComparison.Ordinal));
        Assert.DoesNotContain(repository.Store.Names, name => name.StartsWith("prune/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_guards_share_is_never_pruned()
    {
        var repository = await WithGarbageAsync();
        string[] shared =
        [
            "recovery/heartbeats/agent-1", "recovery/incidents/00000001/00000001", "recovery/lease",
            "recovery/timelines/00000001", "recovery/timelines/00000002", "recovery/unknown",
        ];
        foreach (var name in shared)
        {
            repository.Store[name] = [1];
        }

        await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);
        _clock.Elapsed += TimeSpan.FromDays(400);
        var deleted = await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);

        Assert.True(deleted.Deleted.Packs > 0);
        Assert.Equal(
            shared, repository.Store.Names.Where(name => name.StartsWith("recovery/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Prune_may_be_killed_before_and_after_every_change()
    {
        var initial = await WithGarbageAsync();
        var begun = _clock.Elapsed;
        for (var phase = 0; phase < 2; phase++)
        {
            var ended = false;
            for (var crashAt = 0; !ended; crashAt++)
            {
                foreach (var side in new[] { CrashSide.Before, CrashSide.After })
                {
                    _clock.Elapsed = begun;
                    ended = await CrashAndRecoverAsync(initial, phase, crashAt, side);
                }
            }
        }
    }

    [Fact]
    public async Task A_backup_may_be_killed_before_and_after_every_change_with_a_plan_about_to_be_due()
    {
        var initial = await WithGarbageAsync();
        var planned = await initial.PruneAsync(initial.Store, _clock, isDryRun: false, Ct);
        var kept = planned.Decisions.Where(d => d.IsKept).Select(d => d.Snapshot.Id.Value).ToHashSet();
        var begun = _clock.Elapsed + TimeSpan.FromMinutes((24 * 60) - 5);
        var ended = false;
        for (var crashAt = 0; !ended; crashAt++)
        {
            foreach (var side in new[] { CrashSide.Before, CrashSide.After })
            {
                _clock.Elapsed = begun;
                var repository = initial.CopyTo(initial.Store.Copy(), seed: 200 + crashAt);
                repository.Change();
                var crashing = new CrashingStore(repository.Store, crashAt, side);
                try
                {
                    await repository.TakeAsync(crashing, _clock, isCutShort: false, Ct);
                }
                catch (StoreCrashException)
                {
                }

                _clock.Elapsed += TimeSpan.FromMinutes(30);
                var pruned = await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);
                Assert.True(pruned.Deleted.Packs > 0);
                Assert.Superset(kept, await repository.RequireAllWholeAsync(repository.Store, Ct));
                var next = await repository.TakeAsync(repository.Store, _clock, isCutShort: false, Ct);
                Assert.Contains(next!.Id, await repository.RequireAllWholeAsync(repository.Store, Ct));
                ended = !crashing.HasCrashed;
            }
        }
    }

    [Fact]
    public async Task A_backup_adopts_no_condemned_pack()
    {
        var repository = new KeptRepository(new MemoryStore(_clock), seed: 5);
        await repository.BeginAsync(_clock, Ct);
        await repository.TakeAsync(repository.Store, _clock, isCutShort: true, Ct);
        var left = repository.Store.Names.Where(name => name.Contains("/packs/", StringComparison.Ordinal)).ToArray();
        _clock.Elapsed += TimeSpan.FromHours(25);
        var planned = await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);
        _clock.Elapsed += TimeSpan.FromHours(23);

        var taken = await repository.TakeAsync(repository.Store, _clock, isCutShort: false, Ct);
        _clock.Elapsed += TimeSpan.FromHours(2);
        var pruned = await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);

        Assert.Equal(left.Length, planned.Planned.Packs);
        Assert.Equal(left.Length, pruned.Deleted.Packs);
        Assert.DoesNotContain(taken!.Packs, pack => left.Any(name => name.EndsWith(pack.Name, StringComparison.Ordinal)));
        Assert.Contains(taken.Id, await repository.RequireAllWholeAsync(repository.Store, Ct));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Writers_and_pruners_with_wrong_clocks_run_beside_each_other(int seed)
    {
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        Assert.True(SimulatedWorld.Run(world => BesideEachOtherAsync(world, seed)) > 0);
    }

    private async Task<KeptRepository> WithGarbageAsync()
    {
        var repository = new KeptRepository(new MemoryStore(_clock), seed: 1);
        await repository.BeginAsync(_clock, Ct);
        for (var i = 0; i < 7; i++)
        {
            _clock.Elapsed += TimeSpan.FromHours(1);
            var manifest = await repository.TakeAsync(repository.Store, _clock, isCutShort: false, Ct);
            if (i is not 2 and not 6)
            {
                repository.Verified.Add(manifest!.Id);
            }

            await repository.AddSegmentAsync(repository.Revision + 1, repository.Revision + 10, Ct);
            repository.Change();
        }

        _clock.Elapsed += TimeSpan.FromHours(1);
        await repository.TakeAsync(repository.Store, _clock, isCutShort: true, Ct);
        _clock.Elapsed += TimeSpan.FromHours(30);
        await repository.TakeAsync(repository.Store, _clock, isCutShort: false, Ct);
        return repository;
    }

    /// <returns>Whether it came to its end before the crash.</returns>
    private async Task<bool> CrashAndRecoverAsync(KeptRepository initial, int phase, int crashAt, CrashSide side)
    {
        var repository = initial.CopyTo(initial.Store.Copy(), seed: 100 + crashAt);
        var kept = (await repository.PruneAsync(repository.Store, _clock, isDryRun: true, Ct)).Decisions
            .Where(d => d.IsKept).Select(d => d.Snapshot.Id.Value).ToHashSet();
        if (phase == 1)
        {
            await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);
            _clock.Elapsed += TimeSpan.FromHours(25);
        }

        var crashing = new CrashingStore(repository.Store, crashAt, side);
        try
        {
            await repository.PruneAsync(crashing, _clock, isDryRun: false, Ct);
        }
        catch (StoreCrashException)
        {
        }

        Assert.Superset(kept, await repository.RequireAllWholeAsync(repository.Store, Ct));
        repository.Change();
        var added = await repository.TakeAsync(repository.Store, _clock, isCutShort: false, Ct);
        repository.Verified.Add(added!.Id);
        for (var i = 0; i < 4; i++)
        {
            _clock.Elapsed += TimeSpan.FromHours(25);
            await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);
            Assert.Contains(added.Id, await repository.RequireAllWholeAsync(repository.Store, Ct));
        }

        var last = await repository.PruneAsync(repository.Store, _clock, isDryRun: false, Ct);
        Assert.True(last.Planned.IsNothing && last.Deleted.IsNothing && last.PlansWaiting == 0);
        Assert.Equal(last.Decisions.Length, last.Decisions.Count(d => d.IsKept));
        return !crashing.HasCrashed;
    }

    /// <summary>Three days of two writers and two pruners, each with its own clock and a slow way to the store.</summary>
    private static async Task<int> BesideEachOtherAsync(SimulatedWorld world, int seed)
    {
        var random = new Random(seed);
        var repository = new KeptRepository(new MemoryStore(world.Time), seed);
        await repository.BeginAsync(world.Time, Ct);
        var until = world.Time.GetUtcNow() + TimeSpan.FromDays(6);
        var actors = new List<Task>();
        for (var i = 0; i < 4; i++)
        {
            var isWriter = i < 2;
            var clock = new SkewedTime(world.Time, TimeSpan.FromMinutes(random.Next(-60, 61)));
            var way = new SlowStore(repository.Store, world.Time, new Random(seed + i), TimeSpan.FromMinutes(3));
            actors.Add(isWriter ? WriteAsync(clock, way) : PruneAsync(clock, way));
        }

        await Task.WhenAll(actors);
        return (await repository.RequireAllWholeAsync(repository.Store, Ct)).Count;

        async Task WriteAsync(TimeProvider clock, IObjectStore way)
        {
            while (world.Time.GetUtcNow() < until)
            {
                await Task.Delay(TimeSpan.FromMinutes(random.Next(1, 600)), world.Time, Ct);
                repository.Change();
                if (await repository.TakeAsync(way, clock, random.Next(4) == 0, Ct) is { } taken && random.Next(2) == 0)
                {
                    repository.Verified.Add(taken.Id);
                }
            }
        }

        async Task PruneAsync(TimeProvider clock, IObjectStore way)
        {
            while (world.Time.GetUtcNow() < until)
            {
                await Task.Delay(TimeSpan.FromMinutes(random.Next(1, 900)), world.Time, Ct);
                try
                {
                    await repository.PruneAsync(
                        new CrashingStore(way, random.Next(3) == 0 ? random.Next(30) : null), clock, isDryRun: false, Ct);
                }
                catch (StoreCrashException)
                {
                }
                catch (Errors.SalvorException e) when (e.IsTransient)
                {
                }

                await repository.RequireAllWholeAsync(repository.Store, Ct);
            }
        }
    }
}
