using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Repository.Log;

namespace Salvor.Repository.Keeping;

/// <summary>
/// Reads covering segments and what they cover, and tells which of those hold nothing else. A name alone proves nothing:
/// whoever may write, and not delete, could else have prune delete the log.
/// </summary>
internal sealed class CoverProof(OpenRepository repository, MergeRules rules, WorkLimit limit)
{
    private const int Parallel = 4;

    private readonly ImmutableArray<ObjectInfo>.Builder _proven = ImmutableArray.CreateBuilder<ObjectInfo>();

    /// <summary>What is told by others, too, word by word.</summary>
    public ImmutableArray<ObjectInfo> Proven => _proven.ToImmutable();

    /// <summary>How many tell something else than those that cover them, or can't be read.</summary>
    public int Unproven { get; private set; }

    /// <summary>Looks through a timeline, until the time for it is over.</summary>
    public async Task RunAsync(CoveredSegments covered, CancellationToken ct)
    {
        var log = new SegmentStore(repository, covered.Timeline);
        var group = new List<(SegmentName Segment, ObjectInfo Info)>();
        SegmentName? by = null;
        await foreach (var one in covered.ListAsync(repository, ct))
        {
            if (by != one.By)
            {
                await ProveAsync(log, by, group, ct);
                group.Clear();
                by = one.By;
            }

            group.Add((one.Segment, one.Info));
        }

        await ProveAsync(log, by, group, ct);
    }

    private async Task ProveAsync(
        SegmentStore log, SegmentName? by, List<(SegmentName Segment, ObjectInfo Info)> group, CancellationToken ct)
    {
        if (by is not { } covering || limit.IsOver)
        {
            return; // What there is no time for goes into a later plan.
        }

        if (await TryReadAsync(log, covering, ct) is not { } sums)
        {
            Unproven += group.Count;
            return;
        }

        if (sums.Length == 0)
        {
            return; // It is gone itself: a later plan names what covers it.
        }

        foreach (var chunk in group.Chunk(Parallel).TakeWhile(_ => !limit.IsOver))
        {
            var own = await Task.WhenAll(chunk.Select(one => TryReadAsync(log, one.Segment, ct)));
            for (var i = 0; i < chunk.Length; i++)
            {
                var at = (int)(chunk[i].Segment.First - covering.First);
                if (own[i] is { } told && RevisionSum.Agree(told, sums.AsSpan(at, told.Length)))
                {
                    _proven.Add(chunk[i].Info);
                }
                else
                {
                    Unproven++;
                }
            }
        }
    }

    /// <summary>Null where it can't be read; nothing where another prune has deleted it, which proves it.</summary>
    private async Task<RevisionSum[]?> TryReadAsync(SegmentStore log, SegmentName segment, CancellationToken ct)
    {
        if (segment.Last - segment.First >= rules.RevisionsMax)
        {
            return null; // None that prune has made.
        }

        try
        {
            using var reader = await log.OpenAsync(segment, ct);
            return RevisionSums.Of(reader);
        }
        catch (SalvorException e) when (e.Code == ErrorCode.NotFound)
        {
            return [];
        }
        catch (Exception e) when (e is CorruptDataException
            or SalvorException { Code: ErrorCode.Corrupt or ErrorCode.NewerFormat })
        {
            return null; // verify names it.
        }
    }
}
