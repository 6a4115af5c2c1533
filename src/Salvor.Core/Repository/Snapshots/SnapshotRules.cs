using System.Buffers;
using Salvor.Repository.Packs;

namespace Salvor.Repository.Snapshots;

/// <summary>What must hold for a manifest, whoever wrote it.</summary>
internal static class SnapshotRules
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>What is wrong with it, as a sentence part; null when nothing is.</summary>
    public static string? FaultOf(SnapshotManifest manifest, SnapshotEntry entry)
    {
        if (manifest.Id != entry.Id.Value || manifest.Timeline != entry.Timeline.Value
            || manifest.Revision != entry.Revision)
        {
            return $"it says that it is snapshot {manifest.Id} of revision {manifest.Revision} on timeline "
                + $"{manifest.Timeline}";
        }

        if (manifest.ImageBytes is <= 0 or > PageMap.PagesMax * PackLayout.PageBytes)
        {
            return $"its image has {manifest.ImageBytes} bytes";
        }

        if (manifest.ImageSha256.Length != 64 || manifest.ImageSha256.AsSpan().ContainsAnyExcept(HexDigits))
        {
            return $"its hash is {manifest.ImageSha256}";
        }

        if (manifest.Packs.IsDefaultOrEmpty)
        {
            return "it lists no packs";
        }

        if (manifest.Kit is { } kit && (kit.Missing.IsDefault || !ObjectId.TryParse(kit.Id, out _)))
        {
            return $"it names a kit '{kit.Id}'";
        }

        var bad = manifest.Packs.FirstOrDefault(pack => !RepositoryNames.IsPack(pack.Name) || pack.Bytes <= 0);
        return bad is null ? null : $"it lists a pack {bad.Name} of {bad.Bytes} bytes";
    }
}
