namespace Salvor.Formats.Bbolt;

/// <summary>
/// Which pages somebody has referred to: every page belongs to one owner, and a second claim is a fault.
/// </summary>
/// <remarks>It is also what makes a walk of a hostile tree end: no page is entered twice.</remarks>
public sealed class PageClaims(PageId highWaterMark)
{
    private readonly ulong[] _bits = new ulong[checked((int)((highWaterMark.Value + 63) / 64))];

    public bool IsClaimed(PageId id) => (_bits[id.Value / 64] & (1UL << (int)(id.Value % 64))) != 0;

    /// <summary>Claims a page with its overflow pages.</summary>
    /// <returns>The first page of the run that was claimed before, or null when all were free.</returns>
    public PageId? Claim(PageId first, uint overflowPages)
    {
        for (var id = first.Value; id <= first.Value + overflowPages; id++)
        {
            if (IsClaimed(new PageId(id)))
            {
                return new PageId(id);
            }

            _bits[id / 64] |= 1UL << (int)(id % 64);
        }

        return null;
    }
}
