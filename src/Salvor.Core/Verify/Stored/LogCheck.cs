using Salvor.Formats.Findings;
using Salvor.Repository;
using Salvor.Repository.Log;

namespace Salvor.Verify.Stored;

/// <summary>Checks that the log leads on from each snapshot without a gap.</summary>
internal sealed class LogCheck(IFindingSink findings)
{
    public void Run(CheckedTimeline timeline)
    {
        foreach (var (name, bytes) in timeline.Objects.Segments)
        {
            if (bytes <= SealedLayout.HeaderBytes + SealedLayout.FrameOverheadBytes
                && timeline.BadSegments.Add(name))
            {
                findings.Report(new Finding(Severity.Error, "repository.segment",
                    RepositoryNames.Log(timeline.Timeline) + name, bytes, $"it was cut short, to {bytes} bytes"));
            }
        }

        var all = new LogIndex(timeline.Objects.Segments.Select(segment => segment.Name));
        var good = new LogIndex(all.Segments.Where(segment => !timeline.BadSegments.Contains(segment)));
        if (all.Segments.Count == 0 || timeline.Snapshots.Count == 0)
        {
            return;
        }

        // Behind the newest snapshot a gap ends what can be restored. Before it, it costs only the revisions in it.
        var newest = timeline.Snapshots[0].Entry.Revision;
        var oldest = timeline.Snapshots[^1].Entry.Revision;
        var begin = Math.Max(oldest, Math.Min(newest, all.Segments[0].First - 1));
        Report(timeline, good, good.ChainOf(begin, Math.Min(newest, all.LastRevision)), Severity.Warning,
            "no state in it can be restored but that of a snapshot");
        Report(timeline, good, good.ChainOf(newest, all.LastRevision), Severity.Error,
            "nothing behind it can be restored");
    }

    private void Report(CheckedTimeline timeline, LogIndex log, LogChain chain, Severity severity, string cost)
    {
        var folder = RepositoryNames.Log(timeline.Timeline);
        foreach (var gap in chain.Gaps)
        {
            var all = log.Segments.Select(segment => (SegmentName?)segment);
            var before = all.Where(s => s!.Value.Last < gap.First).MaxBy(s => s!.Value.Last);
            var after = all.FirstOrDefault(s => s!.Value.First > gap.Last);
            var place = (before, after) switch
            {
                ({ } b, { } a) => $"between {b} and {a}",
                ({ } b, null) => $"after {b}",
                (null, { } a) => $"before {a}",
                _ => "and nothing else is there",
            };
            findings.Report(new Finding(
                severity, "repository.log.gap", folder, Offset: null, $"{gap}, {place}: {cost}"));
        }
    }
}
