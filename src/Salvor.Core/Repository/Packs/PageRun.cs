namespace Salvor.Repository.Packs;

/// <summary>Pages that follow one another in the image.</summary>
internal readonly record struct PageRun(long First, int Count)
{
    public long End => First + Count;
}
