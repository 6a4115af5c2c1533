using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Repository.Packs;

namespace Salvor.Repository.Snapshots;

/// <summary>
/// Learns which pages are stored: those of the newest snapshot, and those of attempts that were cut short.
/// </summary>
internal sealed class BaseImageLoader(OpenRepository repository)
{
    /// <summary>Directories of usual packs fit; a longer one takes a second read.</summary>
    private const int TailBytes = 96 << 10;

    private const int Parallel = 8;

    /// <param name="timeline">Where the next snapshot goes.</param>
    /// <param name="newest">The snapshot to build on; null for none.</param>
    /// <param name="condemned">Packs that a prune plan lists; they are not used.</param>
    /// <param name="ct">Ends the loading.</param>
    public async Task<BaseImage> LoadAsync(
        TimelineId timeline, SnapshotManifest? newest, IReadOnlySet<string> condemned, CancellationToken ct)
    {
        var packs = (newest?.Packs ?? [])
            .Select(pack => new StoredPack(pack.Name, pack.Bytes, pack.Pages))
            .Where(pack => !condemned.Contains(pack.Name))
            .ToList();
        packs.AddRange(await FindOrphansAsync(timeline, newest, condemned, ct));
        var image = new BaseImage();
        foreach (var chunk in packs.Chunk(Parallel))
        {
            var directories = await Task.WhenAll(chunk.Select(pack => ReadDirectoryAsync(timeline, pack, ct)));
            foreach (var (pack, directory) in chunk.Zip(directories))
            {
                // A pack that can't be read is no base: its pages are stored again.
                if (directory is not null)
                {
                    image.Add(pack with { Pages = directory.PageCount }, directory);
                }
            }
        }

        return image;
    }

    /// <summary>Packs that were stored after the newest snapshot, and that it does not list.</summary>
    /// <remarks>
    /// Their names say so by writers' clocks, which only shortens the list; the store's clock decides. What a prune plan
    /// may name together with a snapshot is older than the newest snapshot, so it is never adopted.
    /// </remarks>
    private async Task<ImmutableArray<StoredPack>> FindOrphansAsync(
        TimelineId timeline, SnapshotManifest? newest, IReadOnlySet<string> condemned, CancellationToken ct)
    {
        var known = (newest?.Packs ?? []).Select(pack => pack.Name).ToHashSet();
        var prefix = RepositoryNames.Packs(timeline);
        var startAfter = newest is null ? null : prefix + newest.Id;
        var orphans = ImmutableArray.CreateBuilder<StoredPack>();
        var storedAfter = newest is null ? DateTimeOffset.MinValue : await StoredAsync(newest, ct);
        await foreach (var found in repository.Store.ListAsync(prefix, startAfter, ct))
        {
            var name = found.Name.Value[prefix.Length..];
            if (RepositoryNames.IsPack(name) && found.Modified > storedAfter
                && !known.Contains(name) && !condemned.Contains(name))
            {
                orphans.Add(new StoredPack(name, found.LengthBytes, Pages: 0));
            }
        }

        return orphans.ToImmutable();
    }

    /// <summary>When a snapshot was stored, by the store's clock.</summary>
    private async Task<DateTimeOffset> StoredAsync(SnapshotManifest snapshot, CancellationToken ct)
    {
        _ = ObjectId.TryParse(snapshot.Id, out var id);
        var name = RepositoryNames.Snapshot(new TimelineId(snapshot.Timeline), snapshot.Revision, id);
        return (await repository.Store.HeadAsync(name, ct))?.Modified ?? DateTimeOffset.MaxValue;
    }

    private async Task<PackDirectory?> ReadDirectoryAsync(TimelineId timeline, StoredPack pack, CancellationToken ct)
    {
        var name = RepositoryNames.Pack(timeline, pack.Name);
        try
        {
            return await PackDirectories.ReadAsync(repository, name, TailBytes, ct);
        }
        catch (Exception e) when (IsDamage(e))
        {
            return null;
        }
    }

    private static bool IsDamage(Exception e) =>
        e is Formats.CorruptDataException || e is SalvorException { Code: ErrorCode.Corrupt or ErrorCode.NotFound };
}
