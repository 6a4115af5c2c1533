using Salvor.Metrics;
using Salvor.Tests.Support;

namespace Salvor.Tests.Metrics;

public sealed class ChangesAtRiskTests
{
    private readonly SimulatedTime _time = new();

    [Fact]
    public void Nothing_is_told_before_both_sides_are_known()
    {
        var risk = new ChangesAtRisk(_time);
        Assert.Null(risk.Read());
        risk.Etcd(10);
        Assert.Null(risk.Read());
        risk.Stored(10);
        Assert.Equal((0, TimeSpan.Zero), risk.Read());
    }

    [Fact]
    public void The_age_is_counted_from_the_last_look_before_the_oldest_change()
    {
        var risk = new ChangesAtRisk(_time);
        risk.Stored(10);
        Look(risk, 10);
        Look(risk, 10);
        Look(risk, 10); // at 20 s, and the change comes after it
        Look(risk, 12); // at 30 s
        Look(risk, 15);

        Assert.Equal((5, TimeSpan.FromSeconds(30)), risk.Read());
        risk.Stored(12);
        Assert.Equal((3, TimeSpan.FromSeconds(20)), risk.Read());
        risk.Stored(15);
        Assert.Equal((0, TimeSpan.Zero), risk.Read());
    }

    [Fact]
    public void While_etcd_is_silent_the_age_goes_on()
    {
        var risk = new ChangesAtRisk(_time);
        risk.Stored(10);
        Look(risk, 10);
        Look(risk, 11);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal((1, TimeSpan.FromHours(1) + TimeSpan.FromSeconds(20)), risk.Read());
    }

    [Fact]
    public void A_long_outage_of_the_store_never_makes_changes_look_younger()
    {
        var risk = new ChangesAtRisk(_time);
        risk.Stored(0);
        var truth = new List<DateTimeOffset>();
        for (var revision = 1; revision <= 5000; revision++)
        {
            truth.Add(_time.GetUtcNow());
            Look(risk, revision);
        }

        foreach (var stored in (int[])[0, 1, 17, 1999, 2000, 4990, 4999])
        {
            risk.Stored(stored);
            var age = _time.GetUtcNow() - truth[stored];
            var told = risk.Read()!.Value;
            Assert.Equal(5000 - stored, told.Revisions);
            Assert.True(told.Age >= age && told.Age < age + TimeSpan.FromMinutes(5), $"{stored}: {told.Age}, {age}");
        }
    }

    [Fact]
    public void Another_clusters_revisions_begin_anew()
    {
        var risk = new ChangesAtRisk(_time);
        risk.Stored(1000);
        Look(risk, 1000);
        Look(risk, 5);
        Assert.Null(risk.Read()); // What of it is stored is not known.
        risk.Stored(5);
        Look(risk, 6);
        Assert.Equal((1, TimeSpan.FromSeconds(20)), risk.Read());
    }

    private void Look(ChangesAtRisk risk, long revision)
    {
        risk.Etcd(revision);
        _time.Advance(TimeSpan.FromSeconds(10));
    }
}
