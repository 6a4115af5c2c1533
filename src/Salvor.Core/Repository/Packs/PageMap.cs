namespace Salvor.Repository.Packs;

/// <summary>For each page of an image: its hash, and the pack that holds it. 20 bytes a page.</summary>
/// <remarks>
/// Packs are known by their place in the list they were added in. A later pack's page takes the place of an earlier
/// one's: that is the whole rule of which page belongs to an image.
/// </remarks>
internal sealed class PageMap
{
    /// <summary>1 TiB: far above what etcd runs with, and the most that a damaged directory can ask for.</summary>
    public const long PagesMax = 1L << 28;

    private const int NoPack = -1;

    private readonly List<int> _livePages = [];
    private PageHash[] _hashes = [];
    private int[] _packs = [];

    public int PackCount => _livePages.Count;

    /// <summary>How many pages of the image are in this pack and in no later one.</summary>
    public int LivePages(int pack) => _livePages[pack];

    /// <summary>The pack of a page; -1 where there is none.</summary>
    public int PackOf(long page) => page < _packs.Length ? _packs[page] : NoPack;

    public PageHash HashOf(long page) => _hashes[page];

    /// <summary>Begins the next pack.</summary>
    /// <returns>Its place in the list.</returns>
    public int AddPack()
    {
        _livePages.Add(0);
        return _livePages.Count - 1;
    }

    /// <summary>Adds a pack that is stored already.</summary>
    public int Add(PackDirectory directory)
    {
        var pack = AddPack();
        foreach (var (page, hash) in directory.Pages())
        {
            Set(page, hash, pack);
        }

        return pack;
    }

    /// <summary>Says that a page is in this pack now.</summary>
    public void Set(long page, PageHash hash, int pack)
    {
        EnsureRoom(page);
        if (_packs[page] != NoPack)
        {
            _livePages[_packs[page]]--;
        }

        _hashes[page] = hash;
        _packs[page] = pack;
        _livePages[pack]++;
    }

    /// <summary>Forgets the pages from this one on: the image has become shorter.</summary>
    public void Truncate(long pages)
    {
        for (var page = pages; page < _packs.Length; page++)
        {
            if (_packs[page] != NoPack)
            {
                _livePages[_packs[page]]--;
                _packs[page] = NoPack;
            }
        }
    }

    private void EnsureRoom(long page)
    {
        if (page < _packs.Length)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(page, PagesMax);
        var old = _packs.Length;
        var size = (int)Math.Min(PagesMax, Math.Max(page + 1, old + (old / 2) + 4096L));
        Array.Resize(ref _hashes, size);
        Array.Resize(ref _packs, size);
        _packs.AsSpan(old).Fill(NoPack);
    }
}
