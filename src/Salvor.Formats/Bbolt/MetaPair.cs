using Salvor.Formats.Bytes;

namespace Salvor.Formats.Bbolt;

/// <summary>Both meta pages of a file, with the faults of those that can't be used.</summary>
public sealed record MetaPair(Meta First, MetaFault FirstFault, Meta Second, MetaFault SecondFault, int PageSizeBytes)
{
    private const int ProbeBytes = PageHeader.SizeBytes + Meta.SizeBytes;

    /// <summary>The valid meta with the higher transaction id; null when neither is valid.</summary>
    public Meta? Newest => (FirstFault, SecondFault) switch
    {
        (MetaFault.None, MetaFault.None) => First.TransactionId >= Second.TransactionId ? First : Second,
        (MetaFault.None, _) => First,
        (_, MetaFault.None) => Second,
        _ => null,
    };

    /// <summary>The other meta, one commit older, when both are valid.</summary>
    public Meta? Older => (FirstFault, SecondFault) switch
    {
        (MetaFault.None, MetaFault.None) => First.TransactionId >= Second.TransactionId ? Second : First,
        _ => null,
    };

    public static MetaPair Read(IByteSource source)
    {
        Span<byte> page = stackalloc byte[ProbeBytes];
        var firstFault = Meta.Read(page[..source.ReadAt(0, page)], out var first);
        if (firstFault == MetaFault.None)
        {
            var fault = Meta.Read(page[..source.ReadAt(first.PageSizeBytes, page)], out var other);
            if (fault == MetaFault.None && other.PageSizeBytes != first.PageSizeBytes)
            {
                fault = MetaFault.Field;
            }

            return new MetaPair(first, firstFault, other, fault, first.PageSizeBytes);
        }

        // The page size stood in the page that is lost: a meta page with itself as page size is where the second one
        // is.
        var secondFault = MetaFault.Magic;
        for (var size = Meta.PageSizeMin; size <= Meta.PageSizeMax; size <<= 1)
        {
            var fault = Meta.Read(page[..source.ReadAt(size, page)], out var second);
            if (fault == MetaFault.None && second.PageSizeBytes == size)
            {
                return new MetaPair(first, firstFault, second, fault, size);
            }

            // A good meta page that speaks of another page size is a copy: where it stands is no page's beginning.
            var unusable = fault == MetaFault.None ? MetaFault.Field : fault;
            secondFault = size == 4096 ? unusable : secondFault;
        }

        return new MetaPair(first, firstFault, default, secondFault, 4096);
    }
}
