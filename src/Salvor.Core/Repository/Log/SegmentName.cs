using System.Buffers;
using System.Globalization;

namespace Salvor.Repository.Log;

/// <summary>A segment's name inside the log's folder: its range, and what tells it from others of that range.</summary>
/// <remarks><c>FIRST-LAST-ID</c>: two revisions of 20 decimal digits, and 20 hex digits.</remarks>
public readonly record struct SegmentName : IComparable<SegmentName>
{
    public const int Length = (2 * RevisionDigits) + IdDigits + 2;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private const int RevisionDigits = 20;
    private const int IdDigits = 20;
    private const int LastStart = RevisionDigits + 1;
    private const int IdStart = LastStart + RevisionDigits + 1;

    /// <param name="first">The first revision in it; at least 1.</param>
    /// <param name="last">The last one.</param>
    /// <param name="id">20 lower-case hex digits that no other object has.</param>
    public SegmentName(long first, long last, string id)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, SegmentLimits.RevisionMax);
        if (!IsId(id))
        {
            throw new ArgumentException($"'{id}' is not {IdDigits} hex digits.", nameof(id));
        }

        First = first;
        Last = last;
        Id = id;
    }

    public long First { get; }

    public long Last { get; }

    public string Id { get; }

    /// <summary>Reads a name without its folder. What is written in any other way is no segment's name.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SegmentName name)
    {
        name = default;
        if (text.Length != Length || text[RevisionDigits] != '-' || text[IdStart - 1] != '-'
            || !IsId(text[IdStart..])
            || !TryParseRevision(text[..RevisionDigits], out var first)
            || !TryParseRevision(text.Slice(LastStart, RevisionDigits), out var last)
            || first > last)
        {
            return false;
        }

        name = new SegmentName(first, last, text[IdStart..].ToString());
        return true;
    }

    /// <summary>In the order of their names: by first revision, last revision and id.</summary>
    public int CompareTo(SegmentName other)
    {
        var byFirst = First.CompareTo(other.First);
        var byRange = byFirst != 0 ? byFirst : Last.CompareTo(other.Last);
        return byRange != 0 ? byRange : string.CompareOrdinal(Id, other.Id);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{First:d20}-{Last:d20}-{Id}");

    public static bool operator <(SegmentName left, SegmentName right) => left.CompareTo(right) < 0;

    public static bool operator >(SegmentName left, SegmentName right) => left.CompareTo(right) > 0;

    public static bool operator <=(SegmentName left, SegmentName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SegmentName left, SegmentName right) => left.CompareTo(right) >= 0;

    private static bool IsId(ReadOnlySpan<char> text) =>
        text.Length == IdDigits && !text.ContainsAnyExcept(HexDigits);

    private static bool TryParseRevision(ReadOnlySpan<char> text, out long revision) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out revision)
        && revision is >= 1 and <= SegmentLimits.RevisionMax;
}
