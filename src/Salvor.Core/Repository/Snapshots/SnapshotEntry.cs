using System.Globalization;
using Salvor.ObjectStore;

namespace Salvor.Repository.Snapshots;

/// <summary>A snapshot as its name tells it.</summary>
public sealed record SnapshotEntry(TimelineId Timeline, long Revision, ObjectId Id, DateTimeOffset Stored)
{
    private const int RevisionDigits = 20;

    public ObjectName Name => RepositoryNames.Snapshot(Timeline, Revision, Id);

    public static SnapshotEntry? TryParse(TimelineId timeline, ObjectInfo found)
    {
        var text = found.Name.Value.AsSpan(RepositoryNames.Snapshots(timeline).Length);
        return text.Length == RevisionDigits + 1 + ObjectId.Length
            && text[RevisionDigits] == '-'
            && long.TryParse(text[..RevisionDigits], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            && ObjectId.TryParse(text[(RevisionDigits + 1)..], out var id)
            ? new SnapshotEntry(timeline, revision, id, found.Modified)
            : null;
    }
}
