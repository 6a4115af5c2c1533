using System.Buffers;
using System.Text.Json;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;

namespace Salvor.Repository.Snapshots;

/// <summary>The timelines and snapshots of a repository.</summary>
public sealed class SnapshotCatalog(OpenRepository repository)
{
    /// <summary>A manifest names a pack in some 80 bytes: room for a million of them.</summary>
    private const int ManifestBytesMax = 96 << 20;

    private const int SmallBytesMax = 1 << 20;

    /// <summary>All timelines, oldest first.</summary>
    public async Task<IReadOnlyList<TimelineId>> ListTimelinesAsync(CancellationToken ct)
    {
        // A begin object per timeline, so their folders need not be listed one after the other.
        var found = new List<TimelineId>();
        for (var next = new TimelineId(1); ; next = next.Next)
        {
            if (await repository.Store.HeadAsync(RepositoryNames.Begin(next), ct) is null)
            {
                return found;
            }

            found.Add(next);
        }
    }

    public async Task<TimelineBegin> ReadBeginAsync(TimelineId timeline, CancellationToken ct)
    {
        var name = RepositoryNames.Begin(timeline);
        var content = await ReadAsync(ObjectKind.Timeline, name, SmallBytesMax, ct);
        return RepositoryJson.Read(name.Value, content, RepositoryJson.Default.TimelineBegin);
    }

    /// <summary>Begins a timeline.</summary>
    /// <returns>False when somebody else began this one first.</returns>
    public async Task<bool> TryBeginAsync(TimelineBegin begin, CancellationToken ct)
    {
        var name = RepositoryNames.Begin(new TimelineId(begin.Timeline));
        var content = JsonSerializer.SerializeToUtf8Bytes(begin, RepositoryJson.Default.TimelineBegin);
        var sealedObject = repository.Sealer.Seal(ObjectKind.Timeline, name, content);
        var put = await repository.Store.PutAsync(
            name, new ReadOnlySequence<byte>(sealedObject), PutCondition.IfAbsent, ct);
        return put.IsStored;
    }

    /// <summary>A timeline's snapshots, by revision. Names of no snapshot are passed over.</summary>
    public async Task<IReadOnlyList<SnapshotEntry>> ListAsync(TimelineId timeline, CancellationToken ct)
    {
        var found = new List<SnapshotEntry>();
        await foreach (var info in repository.Store.ListAsync(RepositoryNames.Snapshots(timeline), null, ct))
        {
            if (SnapshotEntry.TryParse(timeline, info) is { } entry)
            {
                found.Add(entry);
            }
        }

        return found;
    }

    public async Task<SnapshotManifest> ReadAsync(SnapshotEntry entry, CancellationToken ct)
    {
        var content = await ReadAsync(ObjectKind.Snapshot, entry.Name, ManifestBytesMax, ct);
        var manifest = RepositoryJson.Read(entry.Name.Value, content, RepositoryJson.Default.SnapshotManifest);
        return SnapshotRules.FaultOf(manifest, entry) is { } fault
            ? throw new CorruptDataException(entry.Name.Value, 0, fault)
            : manifest;
    }

    /// <summary>Stores a manifest: from then on there is a snapshot.</summary>
    public async Task<SnapshotEntry> CommitAsync(SnapshotManifest manifest, CancellationToken ct)
    {
        if (!ObjectId.TryParse(manifest.Id, out var id))
        {
            throw new ArgumentException($"{manifest.Id} is no id.", nameof(manifest));
        }

        var entry = new SnapshotEntry(new TimelineId(manifest.Timeline), manifest.Revision, id, manifest.Finished);
        var content = JsonSerializer.SerializeToUtf8Bytes(manifest, RepositoryJson.Default.SnapshotManifest);
        var sealedObject = repository.Sealer.Seal(ObjectKind.Snapshot, entry.Name, content);
        await repository.Store.PutAsync(
            entry.Name, new ReadOnlySequence<byte>(sealedObject), PutCondition.None, ct);
        return entry;
    }

    private async Task<byte[]> ReadAsync(ObjectKind kind, ObjectName name, int bytesMax, CancellationToken ct)
    {
        using var found = await repository.Store.GetAsync(name, range: null, bytesMax, ct)
            ?? throw new SalvorException(ErrorCode.NotFound, $"{repository.Store.Location} has no {name}.")
            {
                Hint = "It was there a moment ago or is named by another object: see salvor verify --repository.",
            };
        return repository.Sealer.Open(kind, name, found.Bytes, bytesMax);
    }
}
