using System.Buffers.Binary;

namespace Salvor.Formats.Bbolt;

/// <summary>A view of a stored freelist: the ids of the pages that nobody uses, ascending.</summary>
/// <remarks>
/// u64 ids follow the page header. From 65,535 ids on, the header's count is 0xFFFF and the first u64 is the number of
/// ids.
/// etcd on Linux stores no freelist once it has run, and works it out again at each start.
/// </remarks>
public readonly ref struct FreelistPage
{
    private readonly ReadOnlySpan<byte> _ids;

    private FreelistPage(ReadOnlySpan<byte> ids) => _ids = ids;

    public int Count => _ids.Length / sizeof(ulong);

    public PageId this[int index] => new(BinaryPrimitives.ReadUInt64LittleEndian(_ids[(index * sizeof(ulong))..]));

    public static bool TryRead(ReadOnlySpan<byte> page, out FreelistPage freelist)
    {
        freelist = default;
        var header = PageHeader.Read(page);
        var body = page[PageHeader.SizeBytes..];
        ulong count = header.Count;
        if (header.Count == PageHeader.CountMax)
        {
            count = BinaryPrimitives.ReadUInt64LittleEndian(body);
            body = body[sizeof(ulong)..];
        }

        if (header.Kind != PageKind.Freelist || count > (ulong)(body.Length / sizeof(ulong)))
        {
            return false;
        }

        freelist = new FreelistPage(body[..((int)count * sizeof(ulong))]);
        return true;
    }
}
