using Salvor.ObjectStore;
using Salvor.Repository;
using Salvor.Repository.Keys;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;

namespace Salvor.Verify.Stored;

/// <summary>All names of a store, told apart by what they are names of.</summary>
internal sealed class RepositoryObjects
{
    private const string PrunePrefix = "prune/";

    private readonly SortedDictionary<int, TimelineObjects> _timelines = [];

    /// <summary>By number; also those that have objects and no beginning.</summary>
    public IReadOnlyCollection<TimelineObjects> Timelines => _timelines.Values;

    /// <summary>Objects that no repository has.</summary>
    public List<ObjectName> Foreign { get; } = [];

    public static async Task<RepositoryObjects> ReadAsync(IObjectStore store, CancellationToken ct)
    {
        var objects = new RepositoryObjects();
        await foreach (var info in store.ListAsync(prefix: "", startAfter: null, ct))
        {
            if (!objects.TryAdd(info))
            {
                objects.Foreign.Add(info.Name);
            }
        }

        return objects;
    }

    private bool TryAdd(ObjectInfo info)
    {
        var name = info.Name.Value;
        if (!name.StartsWith(RepositoryNames.Timelines, StringComparison.Ordinal))
        {
            return info.Name == RepositoryDescriptor.Name
                || name.StartsWith(KeySlots.Prefix, StringComparison.Ordinal)
                || RecoveryNames.IsKnown(name)
                || (name.StartsWith(PrunePrefix, StringComparison.Ordinal)
                    && ObjectId.TryParse(name.AsSpan(PrunePrefix.Length), out _));
        }

        return name.Split('/') switch
        {
            [_, var number, "begin"] when TimelineId.TryParse(number, out var id) => Of(id) is not null,
            [_, var number, var folder, var rest] when TimelineId.TryParse(number, out var id) =>
                TryAdd(Of(id), folder, rest, info),
            _ => false,
        };
    }

    private static bool TryAdd(TimelineObjects timeline, string folder, string name, ObjectInfo info)
    {
        switch (folder)
        {
            case "packs" when RepositoryNames.IsPack(name):
                return timeline.Packs.TryAdd(name, info.LengthBytes);
            case "snapshots" when SnapshotEntry.TryParse(timeline.Timeline, info) is { } entry:
                timeline.Snapshots.Add(entry);
                return true;
            case "log" when SegmentName.TryParse(name, out var segment):
                timeline.Segments.Add((segment, info.LengthBytes));
                return true;
            case "kits":
                return ObjectId.TryParse(name, out _);
            case "checks":
                return SnapshotChecks.IsCheck(name);
            default:
                return false;
        }
    }

    private TimelineObjects Of(TimelineId id)
    {
        if (!_timelines.TryGetValue(id.Value, out var timeline))
        {
            _timelines.Add(id.Value, timeline = new TimelineObjects(id));
        }

        return timeline;
    }
}
