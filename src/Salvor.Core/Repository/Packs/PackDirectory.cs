using System.Buffers;
using System.Collections.Immutable;

namespace Salvor.Repository.Packs;

/// <summary>Which pages a pack holds, in which frames, with which hashes.</summary>
/// <remarks>
/// <code>
/// varint          number of page frames
/// per frame       varint stored bytes, varint number of runs, per run: varint gap, varint length
/// 16 per page     hashes, in the order of the pages
/// </code>
/// A gap counts from the end of the run before, across frames; so pages ascend through the whole pack.
/// </remarks>
internal sealed class PackDirectory
{
    private readonly PageHash[] _hashes;

    private PackDirectory(ImmutableArray<PackFrame> frames, PageHash[] hashes)
    {
        Frames = frames;
        _hashes = hashes;
    }

    public ImmutableArray<PackFrame> Frames { get; }

    public int PageCount => _hashes.Length;

    /// <summary>The hash of the pack's n-th page.</summary>
    public PageHash Hash(int index) => _hashes[index];

    /// <summary>Every page with its hash, ascending.</summary>
    public IEnumerable<(long Page, PageHash Hash)> Pages()
    {
        var index = 0;
        foreach (var run in Frames.SelectMany(frame => frame.Runs))
        {
            for (var page = run.First; page < run.End; page++)
            {
                yield return (page, _hashes[index]);
                index++;
            }
        }
    }

    public static void Write(IReadOnlyList<PackFrame> frames, ReadOnlySpan<PageHash> hashes, IBufferWriter<byte> target)
    {
        Varint.Write(target, (ulong)frames.Count);
        var end = 0L;
        foreach (var frame in frames)
        {
            Varint.Write(target, (ulong)(frame.FrameBytes - SealedLayout.FrameOverheadBytes));
            Varint.Write(target, (ulong)frame.Runs.Length);
            foreach (var run in frame.Runs)
            {
                Varint.Write(target, (ulong)(run.First - end));
                Varint.Write(target, (ulong)run.Count);
                end = run.End;
            }
        }

        foreach (var hash in hashes)
        {
            hash.Write(target.GetSpan(PageHash.Bytes));
            target.Advance(PageHash.Bytes);
        }
    }

    /// <summary>Reads a directory, and holds it against where it lies in the object.</summary>
    /// <param name="source">The pack's name, for errors.</param>
    /// <param name="content">The directory frame's content.</param>
    /// <param name="directoryOffset">Where the directory's frame begins in the object.</param>
    public static PackDirectory Read(string source, ReadOnlySpan<byte> content, long directoryOffset)
    {
        var reader = new VarintReader(source, content, directoryOffset);
        var frameCount = reader.Read(PackLayout.PagesMax, "frames");
        var frames = ImmutableArray.CreateBuilder<PackFrame>((int)frameCount);
        var offset = (long)SealedLayout.HeaderBytes;
        var end = 0L;
        var pages = 0;
        for (var i = 0; i < (int)frameCount; i++)
        {
            var storedBytes = (int)reader.Read(SealedLayout.FrameStoredMaxBytes, "stored bytes");
            var runs = ReadRuns(ref reader, ref end);
            var frame = new PackFrame(offset, storedBytes + SealedLayout.FrameOverheadBytes, pages, runs);
            frames.Add(frame);
            offset += frame.FrameBytes;
            pages += frame.PageCount;
            if (pages > PackLayout.PagesMax)
            {
                throw reader.Corrupt($"it lists more than {PackLayout.PagesMax} pages");
            }
        }

        if (offset != directoryOffset)
        {
            throw reader.Corrupt($"its frames end at {offset}, and the directory begins at {directoryOffset}");
        }

        var hashes = reader.Rest;
        if (hashes.Length != pages * PageHash.Bytes)
        {
            throw reader.Corrupt($"it has {hashes.Length} bytes of hashes for {pages} pages");
        }

        var list = new PageHash[pages];
        for (var i = 0; i < pages; i++)
        {
            list[i] = PageHash.Read(hashes[(i * PageHash.Bytes)..]);
        }

        return new PackDirectory(frames.MoveToImmutable(), list);
    }

    private static ImmutableArray<PageRun> ReadRuns(ref VarintReader reader, ref long end)
    {
        var count = (int)reader.Read(PackLayout.FramePagesMax, "runs");
        var runs = ImmutableArray.CreateBuilder<PageRun>(count);
        var pages = 0;
        for (var i = 0; i < count; i++)
        {
            var gap = reader.Read(PageMap.PagesMax, "a gap");
            var length = (int)reader.Read(PackLayout.FramePagesMax, "a run");
            var run = new PageRun(end + (long)gap, length);
            pages += length;
            if (length == 0 || run.End > PageMap.PagesMax)
            {
                throw reader.Corrupt($"a run of {length} pages at page {run.First}");
            }

            runs.Add(run);
            end = run.End;
        }

        return pages is > 0 and <= PackLayout.FramePagesMax
            ? runs.MoveToImmutable()
            : throw reader.Corrupt($"a frame of {pages} pages");
    }
}
