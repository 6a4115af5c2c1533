using Salvor.Backup;
using Salvor.Repository.Snapshots;
using Salvor.Tests.Support;

namespace Salvor.Tests.Backup;

public sealed class TimelineChoiceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_another_writer_stores_meanwhile_does_not_make_etcd_look_restored()
    {
        using var sample = await SampleRepository.GoodAsync();
        var choice = new TimelineChoice(new SnapshotCatalog(sample.Objects), "here", sample.Time);
        var before = (await new SnapshotCatalog(sample.Objects).ListAsync(SampleRepository.Timeline, Ct)).Count;

        // etcd answers with revision 55, and a backup of revision 60 is stored before the answer is looked at.
        var (timeline, newest, source) = await choice.ChooseAsync(
            async _ =>
            {
                await sample.SnapshotAsync(SampleDatabase.Good(keys: 56).ToImage(), revision: 60);
                return new SourceNow(new SourceIdentity("1", "2", 9, 4, "3.5.30"), 55);
            },
            beginsTimeline: false, Ct);

        Assert.Equal(SampleRepository.Timeline, timeline);
        Assert.Equal(50, newest!.Revision);
        Assert.Equal(9, source.RaftIndex);
        Assert.Equal(
            before + 1, (await new SnapshotCatalog(sample.Objects).ListAsync(SampleRepository.Timeline, Ct)).Count);
    }
}
