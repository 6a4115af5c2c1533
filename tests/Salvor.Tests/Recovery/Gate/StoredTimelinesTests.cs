using System.Text.Json;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.Recovery.Gate;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Repository.Snapshots;
using Salvor.Tests.Support;

namespace Salvor.Tests.Recovery.Gate;

/// <summary>Which timeline is the newest, as a gate learns it.</summary>
public sealed class StoredTimelinesTests
{
    private const string Cluster = "00000000000000c2";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_newest_is_found_without_the_key_from_wherever_one_begins()
    {
        using var sample = await TwoTimelinesAsync();
        using var timelines = Open(sample, mayOpen: false);

        Assert.Equal(new TimelineId(2), await timelines.FindNewestAsync(known: null, Ct));
        Assert.Equal(new TimelineId(2), await timelines.FindNewestAsync(new TimelineId(1), Ct));
        Assert.Equal(new TimelineId(2), await timelines.FindNewestAsync(new TimelineId(2), Ct));
        Assert.Null(await timelines.FindNewestAsync(new TimelineId(3), Ct));
    }

    [Fact]
    public async Task An_empty_repository_has_none()
    {
        using var timelines = new StoredTimelines(
            new MemoryStore(), _ => throw new SalvorException(ErrorCode.WrongKey, "no key"), TimeProvider.System,
            new SeededEntropy(1));

        Assert.Null(await timelines.FindNewestAsync(known: null, Ct));
    }

    [Theory]
    [InlineData(ClaimState.Claimed, 2)]
    [InlineData(ClaimState.Withdrawn, 2)]
    [InlineData(ClaimState.Active, 3)]
    public async Task A_claim_stops_nobody_until_it_is_active(ClaimState state, int newest)
    {
        using var sample = await TwoTimelinesAsync();
        Claim(sample, new TimelineId(3), state);
        using var timelines = Open(sample);

        Assert.Equal(new TimelineId(newest), await timelines.FindNewestAsync(new TimelineId(1), Ct));
    }

    [Fact]
    public async Task A_clusters_own_timeline_is_found_and_anothers_is_not()
    {
        using var sample = await TwoTimelinesAsync();
        using var timelines = Open(sample);

        Assert.Equal(Cluster, await timelines.FindClusterAsync(new TimelineId(2), Ct));
        Assert.Equal(new TimelineId(2), await timelines.FindTimelineOfAsync("c2", Ct));
        Assert.Null(await timelines.FindTimelineOfAsync("ff", Ct));
    }

    [Fact]
    public async Task A_record_is_sealed_under_a_name_of_its_own_and_reads_back()
    {
        using var sample = await TwoTimelinesAsync();
        using var timelines = Open(sample);
        var record = new GateRecord
        {
            At = DateTimeOffset.UnixEpoch,
            Machine = "cp-1",
            Decision = GateDecision.Hold,
            Reasons = [new GateReason(GateConcern.DataMissing, "etcd has no data.", "Restore it.")],
            Switch = GateSwitch.On,
        };

        var name = await timelines.RecordAsync(record, Ct);

        Assert.True(RecoveryNames.IsKnown(name));
        Assert.NotEqual(name, await timelines.RecordAsync(record, Ct));
        var content = sample.Objects.Sealer.Open(
            ObjectKind.Recovery, new ObjectName(name), sample.Store[name]!, 1 << 20);
        var read = GateRecord.Read(name, content);
        Assert.Equal(record.Reasons, read.Reasons);
        Assert.Equal(record with { Reasons = [] }, read with { Reasons = [] });
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"at":"2026-01-01T00:00:00Z","machine":"x","decision":"Hold","switch":"On"}""")]
    [InlineData("""{"at":"2026-01-01T00:00:00Z","machine":"x","decision":"Nonsense","reasons":[],"switch":"On"}""")]
    public void What_is_no_record_is_refused(string text) => Assert.Equal(
        ErrorCode.WrongKind,
        Assert.Throws<SalvorException>(() => GateRecord.Read("a file", System.Text.Encoding.UTF8.GetBytes(text))).Code);

    private static async Task<SampleRepository> TwoTimelinesAsync()
    {
        var sample = await SampleRepository.GoodAsync();
        await new SnapshotCatalog(sample.Objects).TryBeginAsync(
            new TimelineBegin { Timeline = 2, ClusterId = Cluster, Reason = "a test", Begun = sample.Time.Now }, Ct);
        return sample;
    }

    private static void Claim(SampleRepository sample, TimelineId timeline, ClaimState state)
    {
        var claim = new TimelineClaim
        {
            Timeline = timeline.Value,
            State = state,
            Claimant = "guard-a",
            LeaseGeneration = 1,
            Nonce = new string('a', 32),
            DurationMilliseconds = 60_000,
            Reason = "a test",
            Claimed = DateTimeOffset.UnixEpoch,
        };
        var name = RecoveryNames.Claim(timeline);
        var content = JsonSerializer.SerializeToUtf8Bytes(claim, RecoveryJson.Default.TimelineClaim);
        sample.Store[name.Value] = sample.Objects.Sealer.Seal(ObjectKind.Recovery, name, content);
    }

    private static StoredTimelines Open(SampleRepository sample, bool mayOpen = true) => new(
        sample.Store,
        _ => mayOpen ? Task.FromResult(sample.Opened) : throw new SalvorException(ErrorCode.WrongKey, "no key"),
        sample.Time,
        sample.Entropy);
}
