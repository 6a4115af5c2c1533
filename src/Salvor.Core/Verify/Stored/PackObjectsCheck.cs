using Salvor.Errors;
using Salvor.Formats.Findings;
using Salvor.Progress;
using Salvor.Repository;
using Salvor.Repository.Packs;
using Salvor.Repository.Snapshots;

namespace Salvor.Verify.Stored;

/// <summary>Checks that packs are there in their full length, and reads their directories.</summary>
internal sealed class PackObjectsCheck(OpenRepository repository, IFindingSink findings)
{
    private const string Stage = "reading the directories of packs";
    private const int TailBytes = 96 << 10;
    private const int Parallel = 8;

    public async Task RunAsync(
        CheckedTimeline timeline, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var total = timeline.Packs.Values.Sum(ReadBytes);
        var done = 0L;
        foreach (var chunk in timeline.Packs.Chunk(Parallel))
        {
            var checks = chunk.Select(pack => CheckAsync(timeline, pack.Key, pack.Value, ct)).ToArray();
            foreach (var found in await Task.WhenAll(checks))
            {
                if (found is not null)
                {
                    findings.Report(found);
                }
            }

            done += chunk.Sum(pack => ReadBytes(pack.Value));
            progress?.Report(new WorkProgress(Stage, done, total));
        }
    }

    private async Task<Finding?> CheckAsync(
        CheckedTimeline timeline, string name, CheckedPack pack, CancellationToken ct)
    {
        // A list may lag behind what is stored.
        var length = timeline.Objects.Packs.TryGetValue(name, out var listed)
            ? listed
            : (await repository.Store.HeadAsync(pack.Name, ct))?.LengthBytes;
        if (length is null)
        {
            return Bad(pack, "repository.pack.missing", offset: null,
                "it is missing, and snapshots need it: " + Users(timeline, pack));
        }

        if (length != pack.Bytes)
        {
            return Bad(pack, "repository.pack.length", Math.Min(length.Value, pack.Bytes),
                $"it has {length} bytes, and its snapshots say {pack.Bytes}; needed by {Users(timeline, pack)}");
        }

        try
        {
            var directory = await PackDirectories.ReadAsync(repository, pack.Name, TailBytes, ct);
            pack.Runs = [.. Merge(directory)];
            return null;
        }
        catch (Exception e) when (Damage.Is(e))
        {
            pack.IsGood = false;
            var code = e is SalvorException { Code: ErrorCode.NotFound }
                ? "repository.pack.missing"
                : "repository.pack.directory";
            return Damage.ToFinding(e, code, pack.Name.Value, $"; needed by {Users(timeline, pack)}");
        }
    }

    private static Finding Bad(CheckedPack pack, string code, long? offset, string message)
    {
        pack.IsGood = false;
        return new Finding(Severity.Error, code, pack.Name.Value, offset, message);
    }

    private static string Users(CheckedTimeline timeline, CheckedPack pack)
    {
        var users = timeline.Snapshots.Where(s => s.Packs.Contains(pack)).Select(s => s.Entry.Id.Value).ToList();
        return users.Count <= 3
            ? $"snapshot {string.Join(", ", users)}"
            : $"snapshot {users[0]} and {users.Count - 1} older ones";
    }

    private static List<PageRun> Merge(PackDirectory directory)
    {
        var merged = new List<PageRun>();
        foreach (var run in directory.Frames.SelectMany(frame => frame.Runs))
        {
            if (merged.Count > 0 && merged[^1].End == run.First)
            {
                merged[^1] = merged[^1] with { Count = merged[^1].Count + run.Count };
            }
            else
            {
                merged.Add(run);
            }
        }

        return merged;
    }

    private static long ReadBytes(CheckedPack pack) => Math.Min(pack.Bytes, TailBytes);
}
