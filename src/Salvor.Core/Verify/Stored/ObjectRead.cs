using Salvor.Errors;
using Salvor.Formats;
using Salvor.Formats.Etcd;
using Salvor.Formats.Findings;
using Salvor.Platform;
using Salvor.Repository;
using Salvor.Repository.Log;
using Salvor.Repository.Packs;

namespace Salvor.Verify.Stored;

/// <summary>Reads one object from end to end, and says what is wrong with it.</summary>
internal sealed class ObjectRead(OpenRepository repository, ICpuPool pool)
{
    private const int PackBytesMax = PackLayout.FullBytes + (2 * SealedLayout.FrameContentMaxBytes);

    public async Task<List<Finding>> RunAsync(DataItem item, CancellationToken ct)
    {
        var found = new List<Finding>();
        if (item.Pack is { } pack)
        {
            await ReadPackAsync(pack, found, ct);
        }
        else if (item.Segment is { } segment)
        {
            await ReadSegmentAsync(new SegmentStore(repository, item.Timeline.Timeline), segment, found, ct);
        }

        return found;
    }

    private async Task ReadPackAsync(CheckedPack pack, List<Finding> found, CancellationToken ct)
    {
        var name = pack.Name.Value;
        try
        {
            using var content = await repository.Store.GetAsync(pack.Name, range: null, PackBytesMax, ct);
            if (content is null)
            {
                found.Add(Error("repository.pack.missing", name, offset: null, "it was there a moment ago"));
                return;
            }

            await pool.Run(
                () =>
                {
                    using var reader = PackReader.Open(repository.Sealer, pack.Name, content.Bytes.Span);
                    ReadFrames(name, reader, content.Bytes.Span, found, ct);
                    return true;
                },
                CancellationToken.None);
        }
        catch (Exception e) when (Damage.Is(e))
        {
            found.Add(Damage.ToFinding(e, "repository.pack.directory", name));
        }
    }

    /// <summary>Goes on behind a frame that does not open, so that the extent of the damage is known.</summary>
    private static void ReadFrames(
        string name, PackReader reader, ReadOnlySpan<byte> pack, List<Finding> found, CancellationToken ct)
    {
        Span<byte> buffer = new byte[PackLayout.FramePagesMax * PackLayout.PageBytes];
        for (var i = 0; i < reader.Directory.Frames.Length; i++)
        {
            ct.ThrowIfCancellationRequested();
            var frame = reader.Directory.Frames[i];
            var pages = buffer[..(frame.PageCount * PackLayout.PageBytes)];
            try
            {
                reader.ReadFrame(i, pack.Slice((int)frame.Offset, frame.FrameBytes), pages);
            }
            catch (CorruptDataException e)
            {
                found.Add(Error("repository.pack.frame", name, e.Offset,
                    $"{e.Fault}; pages from {frame.Runs[0].First} on are lost, {frame.PageCount} of them"));
                continue;
            }

            for (var page = 0; page < frame.PageCount; page++)
            {
                var content = pages.Slice(page * PackLayout.PageBytes, PackLayout.PageBytes);
                if (PageHash.Of(content) != reader.Directory.Hash(frame.FirstPage + page))
                {
                    found.Add(Error("repository.pack.page", name, frame.Offset,
                        $"the {page + 1}th page of this frame is not the one that the directory tells the hash of"));
                }
            }
        }
    }

    private async Task ReadSegmentAsync(
        SegmentStore log, SegmentName segment, List<Finding> found, CancellationToken ct)
    {
        var name = log.NameOf(segment).Value;
        try
        {
            using var reader = await log.OpenAsync(segment, ct);
            await pool.Run(() => ReadChanges(name, reader), ct);
        }
        catch (Exception e) when (Damage.Is(e))
        {
            // A prune beside this may have deleted it, since others hold what it held.
            if (e is not SalvorException { Code: ErrorCode.NotFound } || !await IsReplacedAsync(log, segment, ct))
            {
                found.Add(Damage.ToFinding(e, "repository.segment", name));
            }
        }
    }

    private static async Task<bool> IsReplacedAsync(SegmentStore log, SegmentName segment, CancellationToken ct) =>
        (await log.ListAsync(ct)).IsReplaced(segment, segment.First - 1);

    private static bool ReadChanges(string name, SegmentReader reader)
    {
        while (reader.TryReadRevision())
        {
            while (reader.TryReadChange(out var change))
            {
                if (!KeyValue.TryRead(change.Bytes.Span, out var value)
                    || (change.Kind == ChangeKind.Put && value.ModRevision != reader.Revision))
                {
                    throw new CorruptDataException(name, 0,
                        $"a change of revision {reader.Revision} is not what etcd stores for one");
                }
            }
        }

        return true;
    }

    private static Finding Error(string code, string source, long? offset, string message) =>
        new(Severity.Error, code, source, offset, message);
}
