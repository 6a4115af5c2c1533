using Salvor.Formats.Bbolt;
using Salvor.Formats.Findings;

namespace Salvor.Verify;

/// <summary>Accounts for every page: in a tree, in the freelist, or lost. Runs after all trees were walked.</summary>
internal sealed class FreelistCheck(BboltImage image, string path, IFindingSink findings)
{
    private const int MetaPages = 2;

    /// <returns>Pages that no tree uses.</returns>
    public long Run()
    {
        var freelist = image.Meta.Freelist;
        if (freelist == PageId.None)
        {
            return CountUnclaimed(); // etcd works the list out at each start: what no tree uses is free.
        }

        if (freelist.Value < MetaPages || !image.TryReadPage(freelist, out var page)
            || !FreelistPage.TryRead(page, out var ids))
        {
            Report("bbolt.freelist", freelist, "the freelist can't be read");
            return CountUnclaimed();
        }

        var listed = new PageClaims(image.PageLimit);
        for (var i = 0; i < ids.Count; i++)
        {
            CheckListed(ids[i], i == 0 ? new PageId(0) : ids[i - 1], listed);
        }

        if (image.Claims.Claim(freelist, PageHeader.Read(page).OverflowPages) is { } taken)
        {
            Report("bbolt.freelist.page", freelist, $"page {taken} of the freelist belongs to a tree as well");
        }

        ReportLost(listed);
        return ids.Count;
    }

    private void CheckListed(PageId id, PageId previous, PageClaims listed)
    {
        if (id.Value < MetaPages || id >= image.PageLimit)
        {
            Report("bbolt.freelist.range", id, $"page {id} is listed as free and lies outside the file");
        }
        else if (id <= previous || listed.Claim(id, 0) is not null)
        {
            Report("bbolt.freelist.order", id, $"page {id} is listed as free after page {previous}");
        }
        else if (image.Claims.IsClaimed(id))
        {
            Report("bbolt.freelist.used", id,
                $"page {id} is listed as free and belongs to a tree: the next write would destroy it");
        }
    }

    private void ReportLost(PageClaims listed)
    {
        var lost = 0L;
        PageId? first = null;
        for (var id = new PageId(MetaPages); id < image.PageLimit; id = new PageId(id.Value + 1))
        {
            if (!image.Claims.IsClaimed(id) && !listed.IsClaimed(id))
            {
                lost++;
                first ??= id;
            }
        }

        if (first is { } page)
        {
            findings.Report(new Finding(Severity.Warning, "bbolt.page.unreachable", path,
                (long)page.Value * image.Meta.PageSizeBytes,
                $"{lost} pages from page {page} on are neither used nor listed as free"));
        }
    }

    private long CountUnclaimed()
    {
        var count = 0L;
        for (var id = new PageId(MetaPages); id < image.PageLimit; id = new PageId(id.Value + 1))
        {
            count += image.Claims.IsClaimed(id) ? 0 : 1;
        }

        return count;
    }

    private void Report(string code, PageId page, string message)
    {
        var offset = page < image.Meta.HighWaterMark ? (long)page.Value * image.Meta.PageSizeBytes : (long?)null;
        findings.Report(new Finding(Severity.Error, code, path, offset, message));
    }
}
