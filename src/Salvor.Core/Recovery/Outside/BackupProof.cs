using Salvor.Recovery.Engine;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Repository.Keeping;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;

namespace Salvor.Recovery.Outside;

/// <summary>Proves that what the machine has is in the repository, too, before anything is risked.</summary>
internal sealed class BackupProof(OpenRepository repository, TimeProvider time)
{
    public async Task<StepReport> VerifyAsync(CancellationToken ct)
    {
        var timelines = await new RepositoryTimelines(repository).ReadAsync(ct);
        if (timelines is not { Newest: { } timeline, IsBegun: true })
        {
            return StepReport.Refused("The repository has no timeline that was begun: nothing is backed up.");
        }

        var verified = await new CheckRecords(repository).ReadVerifiedAsync(timeline, ct);
        var snapshot = (await new SnapshotCatalog(repository).ListAsync(timeline, ct))
            .LastOrDefault(one => verified.Contains(one.Id.Value));
        if (snapshot is null)
        {
            return StepReport.Refused(
                $"No snapshot of timeline {timeline} was verified in full. Run salvor verify --depth all.");
        }

        var log = await LogSummary.ReadAsync(new SegmentStore(repository, timeline), ct);
        var end = log.Index.EndOf(snapshot.Revision);
        var stored = log.NewestStored is { } newest && newest > snapshot.Stored ? newest : snapshot.Stored;
        return StepReport.Done(
            $"The repository has everything up to revision {end}: verified snapshot {snapshot.Id} of revision "
                + $"{snapshot.Revision}, and the log. The newest was stored "
                + $"{(time.GetUtcNow() - stored).TotalSeconds:0} s ago; what came later is only on the machine.",
            Proof.Verified);
    }
}
