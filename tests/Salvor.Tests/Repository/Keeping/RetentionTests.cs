using Salvor.Repository;
using Salvor.Repository.Keeping;

namespace Salvor.Tests.Repository.Keeping;

public sealed class RetentionTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly RetentionPolicy Nothing = new()
    {
        KeepLast = 1,
        Hourly = 0,
        Daily = 0,
        Weekly = 0,
        Monthly = 0,
        Continuous = TimeSpan.Zero,
        UnverifiedMax = 0,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_last_good_one_the_newest_and_what_forks_need_are_never_dropped(int seed)
    {
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        for (var run = 0; run < 500; run++)
        {
            var (snapshots, timelines, now) = Sample(random);
            var kept = Kept(Retention.Decide(snapshots, timelines, Policy(random), now));

            Assert.Contains(snapshots[^1], kept);
            if (snapshots.LastOrDefault(snapshot => snapshot.IsVerified) is { } good)
            {
                Assert.Contains(good, kept);
            }

            foreach (var young in timelines.Where(t => t.Parent is not null))
            {
                if (!snapshots.Exists(s => s.Timeline == young.Id && s.IsVerified)
                    && snapshots.LastOrDefault(s => s.Timeline == young.Parent && s.Revision <= young.ParentRevision
                        && s.IsVerified) is { } needed)
                {
                    Assert.Contains(needed, kept);
                }
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void A_more_generous_policy_keeps_all_that_a_meaner_one_keeps(int seed)
    {
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        for (var run = 0; run < 500; run++)
        {
            var (snapshots, timelines, now) = Sample(random);
            var mean = Policy(random);
            var generous = mean with
            {
                KeepLast = mean.KeepLast + random.Next(3),
                Hourly = mean.Hourly + random.Next(3),
                Daily = mean.Daily + random.Next(3),
                Weekly = mean.Weekly + random.Next(3),
                Monthly = mean.Monthly + random.Next(3),
                UnverifiedMax = mean.UnverifiedMax + random.Next(3),
            };

            Assert.Subset(
                Kept(Retention.Decide(snapshots, timelines, generous, now)),
                Kept(Retention.Decide(snapshots, timelines, mean, now)));
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void Every_revision_of_the_window_that_could_be_restored_still_can(int seed)
    {
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        for (var run = 0; run < 500; run++)
        {
            var (snapshots, timelines, now) = Sample(random);
            var policy = Policy(random);
            var outcome = Retention.Decide(snapshots, timelines, policy, now);
            var kept = Kept(outcome);
            var timeline = timelines[^1];
            var own = snapshots.Where(s => s.Timeline == timeline.Id).ToArray();
            var before = own.LastOrDefault(s => s.Stored <= now - policy.Continuous);
            for (var revision = before?.Revision ?? long.MaxValue; revision < timeline.Log.LastRevision; revision += 3)
            {
                var could = own.Any(s => s.Revision <= revision && timeline.Log.EndOf(s.Revision) >= revision);
                var can = own.Any(s => s.Revision <= revision && timeline.Log.EndOf(s.Revision) >= revision
                    && kept.Contains(s) && outcome.LogFloors[timeline.Id] <= s.Revision);
                Assert.True(can || !could, $"run {run}, revision {revision}");
            }
        }
    }

    [Fact]
    public void Tiers_keep_the_newest_verified_one_of_each_period()
    {
        var snapshots = Enumerable.Range(0, 72).Select(hour => Snapshot(hour, hour, isVerified: hour != 71)).ToList();
        var policy = Nothing with { KeepLast = 2, Daily = 3 };

        var kept = Kept(Retention.Decide(snapshots, [Whole(1)], policy, Start.AddHours(72)));

        Assert.Equal([23L, 47L, 69L, 70L, 71L], kept.Select(snapshot => snapshot.Revision).Order());
    }

    [Fact]
    public void Unverified_ones_wait_for_a_verified_newer_one_up_to_a_limit()
    {
        var waiting = Enumerable.Range(0, 9).Select(hour => Snapshot(hour, hour, isVerified: hour == 1)).ToList();
        var covered = waiting.Select(s => s with { IsVerified = s.Revision == 8 }).ToList();
        var policy = Nothing with { UnverifiedMax = 4 };

        var first = Kept(Retention.Decide(waiting, [Whole(1)], policy, Start.AddHours(10)));
        var then = Kept(Retention.Decide(covered, [Whole(1)], policy, Start.AddHours(10)));

        Assert.Equal([1L, 5L, 6L, 7L, 8L], first.Select(snapshot => snapshot.Revision).Order());
        Assert.Equal([8L], then.Select(snapshot => snapshot.Revision));
    }

    private static HashSet<KeepingSnapshot> Kept(RetentionOutcome outcome) =>
        [.. outcome.Decisions.Where(decision => decision.IsKept).Select(decision => decision.Snapshot)];

    private static KeepingTimeline Whole(int number) => new(new TimelineId(number), Start, null, 0, new LogCoverage());

    private static KeepingSnapshot Snapshot(long revision, double hours, bool isVerified, int timeline = 1)
    {
        var time = Start.AddHours(hours);
        _ = ObjectId.TryParse($"{revision:x20}", out var id);
        return new KeepingSnapshot(new TimelineId(timeline), revision, id, time, time, isVerified);
    }

    private static RetentionPolicy Policy(Random random) => new()
    {
        KeepLast = random.Next(1, 5),
        Hourly = random.Next(5),
        Daily = random.Next(5),
        Weekly = random.Next(3),
        Monthly = random.Next(3),
        Continuous = TimeSpan.FromHours(random.Next(100)),
        UnverifiedMax = random.Next(6),
    };

    private static (List<KeepingSnapshot> Snapshots, List<KeepingTimeline> Timelines, DateTimeOffset Now) Sample(
        Random random)
    {
        var snapshots = new List<KeepingSnapshot>();
        var timelines = new List<KeepingTimeline>();
        var hours = 0.0;
        var revision = 1L;
        for (var number = 1; number <= random.Next(1, 4); number++)
        {
            var log = new LogCoverage();
            var begun = Start.AddHours(hours);
            TimelineId? parent = number == 1 ? null : new TimelineId(number - 1);
            timelines.Add(new KeepingTimeline(new TimelineId(number), begun, parent, revision, log));
            for (var i = number == 1 ? 0 : random.Next(2); i < random.Next(1, 30); i++)
            {
                if (random.Next(4) > 0)
                {
                    log.Add(revision + 1, revision + 10);
                }

                revision += 10;
                hours += random.NextDouble() * 8;
                if (random.Next(2) == 0 || snapshots.Count == 0)
                {
                    snapshots.Add(Snapshot(revision, hours, random.Next(2) == 0, number));
                }
            }

            if (snapshots.Count == 0)
            {
                snapshots.Add(Snapshot(revision, hours, isVerified: true, number));
            }
        }

        return (snapshots, timelines, Start.AddHours(hours));
    }
}
