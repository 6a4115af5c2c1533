using System.Collections;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Platform;
using Salvor.Progress;
using Salvor.Repository.Packs;

namespace Salvor.Repository.Snapshots;

/// <summary>Brings a snapshot's image back, page by page, into a file.</summary>
/// <remarks>
/// Packs are read from the newest to the oldest, a few at a time: each one's directory claims the pages that no newer
/// one had, and frames without such pages are not even opened. Memory: one bit a page, and the packs under way.
/// </remarks>
internal sealed class ImageFetch(OpenRepository repository, ICpuPool pool)
{
    private const int Ahead = 4;

    public const string Stage = "fetching the snapshot";

    /// <summary>Writes the image to the start of the file.</summary>
    public async Task RunAsync(
        SnapshotManifest manifest, IFile target, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var pages = (manifest.ImageBytes + PackLayout.PageBytes - 1) / PackLayout.PageBytes;
        var claimed = new BitArray((int)pages);
        var total = manifest.Packs.Sum(pack => pack.Bytes);
        var done = 0L;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var work = new Queue<(SnapshotPack Pack, Task<bool> Writing)>();
        var fetches = new Queue<(SnapshotPack Pack, Task<ObjectContent> Content)>();
        var packs = new Queue<SnapshotPack>(manifest.Packs.Reverse());
        try
        {
            while (packs.Count + fetches.Count + work.Count > 0)
            {
                while (fetches.Count < Ahead && packs.TryDequeue(out var next))
                {
                    fetches.Enqueue((next, FetchAsync(manifest, next, stop.Token)));
                }

                if (fetches.TryDequeue(out var fetch))
                {
                    var content = await fetch.Content;
                    work.Enqueue((fetch.Pack, WriteAsync(manifest, fetch.Pack, content, claimed, target, stop.Token)));
                }

                while (work.Count > 1 || (fetches.Count == 0 && work.Count > 0))
                {
                    var (pack, writing) = work.Dequeue();
                    await writing;
                    done += pack.Bytes;
                    progress?.Report(new WorkProgress(Stage, done, total));
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await SettleAsync(work.Select(w => w.Writing), fetches.Select(f => f.Content));
        }

        RequireAll(manifest, claimed);
    }

    private async Task<ObjectContent> FetchAsync(SnapshotManifest manifest, SnapshotPack pack, CancellationToken ct)
    {
        var name = RepositoryNames.Pack(new TimelineId(manifest.Timeline), pack.Name);
        const int Most = PackLayout.FullBytes + (2 * SealedLayout.FrameContentMaxBytes);
        return await repository.Store.GetAsync(name, range: null, Most, ct)
            ?? throw new SalvorException(ErrorCode.Corrupt,
                $"{repository.Store.Location} has lost {name}, which snapshot {manifest.Id} needs.")
            {
                Hint = "Restore another snapshot; salvor verify --repository says which ones are whole.",
            };
    }

    /// <summary>Claims the pack's pages at once, in turn, and writes them on another thread.</summary>
    private Task<bool> WriteAsync(
        SnapshotManifest manifest,
        SnapshotPack pack,
        ObjectContent content,
        BitArray claimed,
        IFile target,
        CancellationToken ct)
    {
        var name = RepositoryNames.Pack(new TimelineId(manifest.Timeline), pack.Name);
        PackReader reader;
        List<PageRun>[] wanted;
        try
        {
            reader = PackReader.Open(repository.Sealer, name, content.Bytes.Span);
            wanted = Claim(reader.Directory, claimed);
        }
        catch
        {
            content.Dispose();
            throw;
        }

        return pool.Run(
            () =>
            {
                using (content)
                using (reader)
                {
                    WriteFrames(reader, content.Bytes.Span, wanted, manifest.ImageBytes, target, ct);
                    return true;
                }
            },
            CancellationToken.None);
    }

    /// <summary>For each frame, the runs of pages that no newer pack had.</summary>
    private static List<PageRun>[] Claim(PackDirectory directory, BitArray claimed)
    {
        var wanted = new List<PageRun>[directory.Frames.Length];
        for (var i = 0; i < wanted.Length; i++)
        {
            var runs = wanted[i] = [];
            foreach (var run in directory.Frames[i].Runs)
            {
                for (var page = run.First; page < Math.Min(run.End, claimed.Length); page++)
                {
                    if (claimed[(int)page])
                    {
                        continue;
                    }

                    claimed[(int)page] = true;
                    if (runs.Count > 0 && runs[^1].End == page)
                    {
                        runs[^1] = runs[^1] with { Count = runs[^1].Count + 1 };
                    }
                    else
                    {
                        runs.Add(new PageRun(page, 1));
                    }
                }
            }
        }

        return wanted;
    }

    private static void WriteFrames(
        PackReader reader, ReadOnlySpan<byte> pack, List<PageRun>[] wanted, long imageBytes, IFile target,
        CancellationToken ct)
    {
        Span<byte> buffer = new byte[PackLayout.FramePagesMax * PackLayout.PageBytes];
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i].Count == 0)
            {
                continue;
            }

            ct.ThrowIfCancellationRequested();
            var frame = reader.Directory.Frames[i];
            var content = buffer[..(frame.PageCount * PackLayout.PageBytes)];
            reader.ReadFrame(i, pack.Slice((int)frame.Offset, frame.FrameBytes), content);
            foreach (var run in wanted[i])
            {
                var offset = run.First * PackLayout.PageBytes;
                _ = frame.TryPlaceOf(run.First, out var place);
                var length = (int)Math.Min((long)run.Count * PackLayout.PageBytes, imageBytes - offset);
                target.WriteAt(offset, content.Slice(place * PackLayout.PageBytes, length));
            }
        }
    }

    private static void RequireAll(SnapshotManifest manifest, BitArray claimed)
    {
        if (claimed.HasAllSet())
        {
            return;
        }

        var first = Enumerable.Range(0, claimed.Length).First(page => !claimed[page]);
        throw new CorruptDataException($"snapshot {manifest.Id}", 0,
            $"none of its packs has page {first} of the image's {claimed.Length}");
    }

    private static async Task SettleAsync(IEnumerable<Task> writing, IEnumerable<Task<ObjectContent>> fetching)
    {
        foreach (var fetch in fetching)
        {
            await fetch.ContinueWith(
                static done =>
                {
                    if (done.IsCompletedSuccessfully)
                    {
                        done.Result.Dispose();
                    }
                },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
        }

        await Task.WhenAll(writing).ContinueWith(static _ =>
            { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
