using Salvor.Formats;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd;
using Salvor.Progress;

namespace Salvor.Restore;

/// <summary>The content of a bbolt image that must be whole: the first broken rule ends the work.</summary>
internal sealed class ImageContent : IBackendContent
{
    private const long ReportEveryBytes = 4 << 20;

    private readonly BboltImage _image;
    private readonly Dictionary<byte[], Bucket> _buckets;
    private readonly Dictionary<byte[], Bucket>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly IProgress<WorkProgress>? _progress;
    private readonly CancellationToken _ct;

    public ImageContent(IByteSource source, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        _image = BboltImage.Open(source);
        _buckets = _image.ReadBuckets(_image.Strict).ToDictionary(b => b.Name, ByteKeyComparer.Instance);
        _lookup = _buckets.GetAlternateLookup<ReadOnlySpan<byte>>();
        _progress = progress;
        _ct = ct;
    }

    public int PageSizeBytes => _image.Meta.PageSizeBytes;

    public IReadOnlyCollection<byte[]> BucketNames => _buckets.Keys;

    public void Visit(ReadOnlySpan<byte> bucket, EntryVisitor visit)
    {
        if (!_lookup.TryGetValue(bucket, out var found))
        {
            return;
        }

        if (found.IsInline)
        {
            _image.Visit(found, _image.Strict, element => Pass(element, visit));
            return;
        }

        VisitPages(_image.Walk(found, _image.Strict), visit);
    }

    private void Pass(LeafElement element, EntryVisitor visit)
    {
        if (element.IsBucket)
        {
            throw new CorruptDataException(_image.Name, 0,
                $"a bucket lies in another one: {KeyText.Show(element.Key)}");
        }

        visit(element.Key, element.Value);
    }

    private void VisitPages(TreeCursor cursor, EntryVisitor visit)
    {
        var nextReport = ReportEveryBytes;
        while (cursor.TryNextLeaf(out var leaf))
        {
            for (var i = 0; i < leaf.Count; i++)
            {
                _ = leaf.TryRead(i, out var element);
                Pass(element, visit);
            }

            var doneBytes = cursor.LeafPages * PageSizeBytes;
            if (doneBytes >= nextReport)
            {
                _ct.ThrowIfCancellationRequested();
                _progress?.Report(new WorkProgress("writing the database", doneBytes, _image.Meta.ImageBytes));
                nextReport = doneBytes + ReportEveryBytes;
            }
        }
    }
}
