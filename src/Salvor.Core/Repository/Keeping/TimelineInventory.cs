using System.Collections.Immutable;
using Salvor.ObjectStore;
using Salvor.Repository.Snapshots;

namespace Salvor.Repository.Keeping;

/// <summary>What a timeline holds.</summary>
/// <param name="Timeline">The timeline, as retention wants it.</param>
/// <param name="Snapshots">All of them; the manifest is null where it can't be read.</param>
/// <param name="Packs">All packs.</param>
/// <param name="Checks">All records of checks.</param>
/// <param name="Verified">The ids of snapshots that were found good.</param>
internal sealed record TimelineInventory(
    KeepingTimeline Timeline,
    ImmutableArray<(SnapshotEntry Entry, SnapshotManifest? Manifest)> Snapshots,
    ImmutableArray<ObjectInfo> Packs,
    ImmutableArray<ObjectInfo> Checks,
    IReadOnlySet<string> Verified)
{
    public IEnumerable<KeepingSnapshot> ToKeeping() => Snapshots.Select(snapshot =>
    {
        var (entry, manifest) = snapshot;
        var taken = manifest is not null && manifest.Finished < entry.Stored ? manifest.Finished : entry.Stored;
        return new KeepingSnapshot(
            entry.Timeline, entry.Revision, entry.Id, taken, entry.Stored, Verified.Contains(entry.Id.Value))
        {
            IsReadable = manifest is not null,
        };
    });

    /// <summary>The newest time by the store's clock that is seen here: the clock is not behind it.</summary>
    public DateTimeOffset NewestSeen => Packs.Concat(Checks).Select(info => info.Modified)
        .Concat(Snapshots.Select(snapshot => snapshot.Entry.Stored))
        .Append(Timeline.Begun)
        .Max();

    /// <summary>The full names of the packs that snapshots need, as far as the choice goes.</summary>
    /// <remarks>Nobody knows what an unreadable one needs: it needs all.</remarks>
    public HashSet<string> PacksOf(Func<SnapshotEntry, bool> choice)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, manifest) in Snapshots.Where(snapshot => choice(snapshot.Entry)))
        {
            needed.UnionWith(manifest is null
                ? Packs.Select(pack => pack.Name.Value)
                : manifest.Packs.Select(pack => RepositoryNames.Pack(Timeline.Id, pack.Name).Value));
        }

        return needed;
    }

    /// <summary>The snapshot that a record of a check is of; null where the name tells none.</summary>
    public string? SnapshotOf(ObjectName check)
    {
        var text = check.Value.AsSpan(RepositoryNames.Checks(Timeline.Id).Length);
        return text.Length >= ObjectId.Length && ObjectId.TryParse(text[..ObjectId.Length], out var id)
            ? id.Value
            : null;
    }
}
