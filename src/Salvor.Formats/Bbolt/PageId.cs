using System.Globalization;

namespace Salvor.Formats.Bbolt;

/// <summary>The number of a page; the page starts at this number times the page size.</summary>
public readonly record struct PageId(ulong Value) : IComparable<PageId>
{
    /// <summary>Stored as a meta's freelist when the file keeps none.</summary>
    public static readonly PageId None = new(ulong.MaxValue);

    public int CompareTo(PageId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(PageId left, PageId right) => left.Value < right.Value;

    public static bool operator >(PageId left, PageId right) => left.Value > right.Value;

    public static bool operator <=(PageId left, PageId right) => left.Value <= right.Value;

    public static bool operator >=(PageId left, PageId right) => left.Value >= right.Value;
}
