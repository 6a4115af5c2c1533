using Salvor.Errors;
using Salvor.Repository.Snapshots;
using Salvor.Tests.Support;

namespace Salvor.Tests.Repository.Snapshots;

public sealed class SnapshotDetailsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Details_tell_the_packs_the_log_and_the_checks()
    {
        using var sample = await SampleRepository.GoodAsync();
        var search = new SnapshotSearch(sample.Objects);
        var entries = await new SnapshotCatalog(sample.Objects).ListAsync(SampleRepository.Timeline, Ct);
        var checks = new SnapshotChecks(sample.Objects, SampleRepository.Timeline);
        foreach (var depth in (CheckDepth[])[CheckDepth.Structure, CheckDepth.All])
        {
            sample.NextId();
            await checks.RecordAsync(
                new SnapshotCheck
                {
                    Snapshot = entries[0].Id.Value,
                    Depth = depth,
                    Checked = sample.Time.Now,
                    Findings = 0,
                    Version = "1",
                },
                sample.Time,
                sample.Entropy,
                Ct);
        }

        var entry = await search.FindAsync(entries[0].Id.Value[..15], Ct);
        var details = await SnapshotDetails.ReadAsync(sample.Objects, entry, Ct);

        Assert.Equal((44L, 60L, 3), (details.Manifest.Revision, details.LogRevision, details.LogSegments));
        Assert.Equal([CheckDepth.Structure, CheckDepth.All], details.Checks.Select(check => check.Depth));
        Assert.Equal(CheckDepth.All, (await checks.ReadNewestAsync(Ct))[entry.Id.Value].Depth);
        Assert.InRange(details.LivePages, 1, details.PackPages);
        Assert.NotNull(details.LogTime);
    }

    [Fact]
    public async Task A_start_of_several_ids_is_refused_and_one_of_none_is_not_found()
    {
        using var sample = await SampleRepository.GoodAsync();
        var search = new SnapshotSearch(sample.Objects);

        var several = await Assert.ThrowsAsync<SalvorException>(() => search.FindAsync("01", Ct));
        var none = await Assert.ThrowsAsync<SalvorException>(() => search.FindAsync("ff", Ct));

        Assert.Equal((ErrorCode.Usage, ErrorCode.NotFound), (several.Code, none.Code));
    }
}
