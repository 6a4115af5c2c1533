using Salvor.Formats.Findings;
using Salvor.Platform;
using Salvor.Progress;
using Salvor.Repository;

namespace Salvor.Verify.Stored;

/// <summary>Reads a share of the packs and segments from end to end, those of the newest snapshots first.</summary>
internal sealed class DataCheck(OpenRepository repository, ICpuPool pool, IFindingSink findings)
{
    private const string Stage = "reading packs and segments";

    /// <summary>Objects under way: one is opened while the next ones come.</summary>
    private const int Ahead = 3;

    public int ReadObjects { get; private set; }

    public long ReadBytes { get; private set; }

    /// <param name="timelines">Newest first.</param>
    /// <param name="options">Which share, and the seed to choose it with.</param>
    /// <param name="progress">Hears of the bytes.</param>
    /// <param name="ct">Ends the reading.</param>
    public async Task RunAsync(
        IReadOnlyList<CheckedTimeline> timelines, RepositoryCheckOptions options, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var random = new Random(options.Seed);
        var chosen = Choose([.. timelines.SelectMany(PacksOf)], options.ReadPercent, random);
        chosen.AddRange(Choose([.. timelines.SelectMany(SegmentsOf)], options.ReadPercent, random));
        var total = chosen.Sum(item => item.Bytes);
        var reader = new ObjectRead(repository, pool);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = new Queue<(DataItem Item, Task<List<Finding>> Reading)>();
        try
        {
            for (var next = 0; next < chosen.Count || running.Count > 0;)
            {
                for (; running.Count < Ahead && next < chosen.Count; next++)
                {
                    running.Enqueue((chosen[next], reader.RunAsync(chosen[next], stop.Token)));
                }

                var (item, reading) = running.Dequeue();
                Take(item, await reading);
                progress?.Report(new WorkProgress(Stage, ReadBytes, total));
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running.Select(r => r.Reading)).ContinueWith(static _ =>
                { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private void Take(DataItem item, List<Finding> found)
    {
        found.ForEach(findings.Report);
        ReadObjects++;
        ReadBytes += item.Bytes;
        if (item.Pack is { } pack)
        {
            pack.IsRead = true;
            pack.IsGood &= found.Count == 0;
        }
        else if (item.Segment is { } segment && found.Count > 0)
        {
            item.Timeline.BadSegments.Add(segment);
        }
    }

    private static IEnumerable<DataItem> PacksOf(CheckedTimeline timeline) =>
        timeline.Packs.Values
            .Where(pack => pack.IsGood)
            .Select(pack => new DataItem(timeline, pack, Segment: null, pack.Bytes));

    private static IEnumerable<DataItem> SegmentsOf(CheckedTimeline timeline) =>
        Enumerable.Reverse(timeline.Objects.Segments)
            .Select(segment => new DataItem(timeline, Pack: null, segment.Name, segment.Bytes));

    /// <summary>As many as the share makes, at least one of any; in the order that they came in.</summary>
    private static List<DataItem> Choose(DataItem[] items, double percent, Random random)
    {
        var count = (int)Math.Ceiling(items.Length * Math.Clamp(percent, 0, 100) / 100);
        var places = Enumerable.Range(0, items.Length).ToArray();
        random.Shuffle(places);
        return [.. places.Take(count).Order().Select(place => items[place])];
    }
}
