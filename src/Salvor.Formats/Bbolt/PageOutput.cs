namespace Salvor.Formats.Bbolt;

/// <summary>Numbers pages and hands them on in large blocks.</summary>
internal sealed class PageOutput(IPageSink sink, int pageSizeBytes, ulong firstPage)
{
    private const int BlockBytes = 1 << 20;

    private byte[] _block = new byte[BlockBytes];
    private long _blockStart = (long)firstPage * pageSizeBytes;
    private int _blockBytes;

    public PageId NextPage { get; private set; } = new(firstPage);

    public PageId Write(PageKind kind, int count, int bodyBytes, IPageBody body)
    {
        var id = NextPage;
        var pages = (PageHeader.SizeBytes + (long)bodyBytes + pageSizeBytes - 1) / pageSizeBytes;
        var page = Reserve(checked((int)(pages * pageSizeBytes)));
        new PageHeader(id, kind, (ushort)count, (uint)(pages - 1)).Write(page);
        body.CopyTo(page[PageHeader.SizeBytes..]);
        page[(PageHeader.SizeBytes + bodyBytes)..].Clear();
        NextPage = new PageId(id.Value + (ulong)pages);
        return id;
    }

    public void Flush()
    {
        sink.WriteAt(_blockStart, _block.AsSpan(0, _blockBytes));
        _blockStart += _blockBytes;
        _blockBytes = 0;
    }

    public void WriteHead(ReadOnlySpan<byte> head) => sink.WriteAt(0, head);

    private Span<byte> Reserve(int bytes)
    {
        if (_blockBytes + bytes > _block.Length)
        {
            Flush();
            if (bytes > _block.Length)
            {
                _block = GC.AllocateUninitializedArray<byte>(bytes);
            }
        }

        var page = _block.AsSpan(_blockBytes, bytes);
        _blockBytes += bytes;
        return page;
    }
}
