using System.Collections.Immutable;

namespace Salvor.Repository.Packs;

/// <summary>A frame of pages: where it lies in its pack, and which pages it holds.</summary>
/// <param name="Offset">Of its header, in the object.</param>
/// <param name="FrameBytes">With header and tag.</param>
/// <param name="FirstPage">How many pages of the pack come before it: the place of its hashes.</param>
/// <param name="Runs">Ascending.</param>
internal readonly record struct PackFrame(long Offset, int FrameBytes, int FirstPage, ImmutableArray<PageRun> Runs)
{
    public int PageCount => Runs.Sum(run => run.Count);

    /// <summary>How many of the frame's pages come before this one; false when it is not in the frame.</summary>
    public bool TryPlaceOf(long page, out int place)
    {
        place = 0;
        foreach (var run in Runs)
        {
            if (page >= run.First && page < run.End)
            {
                place += (int)(page - run.First);
                return true;
            }

            place += run.Count;
        }

        return false;
    }
}
