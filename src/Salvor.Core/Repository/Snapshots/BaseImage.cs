using Salvor.Repository.Packs;

namespace Salvor.Repository.Snapshots;

/// <summary>What a new snapshot builds on: pages that are stored already, and the packs that hold them.</summary>
internal sealed class BaseImage
{
    public PageMap Pages { get; } = new();

    /// <summary>In the order of <see cref="PageMap"/>.</summary>
    public List<StoredPack> Packs { get; } = [];

    public void Add(StoredPack pack, PackDirectory directory)
    {
        Pages.Add(directory);
        Packs.Add(pack);
    }

    /// <summary>
    /// Packs whose pages should be stored anew, so that their number and what is dead in them stay bounded.
    /// </summary>
    public HashSet<int> Worn(long imageBytes)
    {
        var worn = Enumerable.Range(0, Packs.Count)
            .Where(pack => Pages.LivePages(pack) * 4L < Packs[pack].Pages)
            .ToHashSet();
        var excess = Packs.Count - worn.Count - PacksMax(imageBytes);
        if (excess > 0)
        {
            // Half as many again as needed, so that not every snapshot from now on has to do it.
            worn.UnionWith(Enumerable.Range(0, Packs.Count)
                .Where(pack => !worn.Contains(pack))
                .OrderBy(Pages.LivePages)
                .Take(excess + (PacksMax(imageBytes) / 2))
                .ToArray());
        }

        return worn;
    }

    private static int PacksMax(long imageBytes) => 64 + (int)(imageBytes / (4 << 20));
}
