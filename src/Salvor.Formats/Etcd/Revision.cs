using System.Globalization;

namespace Salvor.Formats.Etcd;

/// <summary>The number of one change: the transaction that made it, and its place in that transaction.</summary>
/// <param name="Main">The store's revision: one per transaction that changes anything; a fresh store is at 1, its first
/// write makes 2.</param>
/// <param name="Sub">Counts the changes of one transaction from 0.</param>
public readonly record struct Revision(long Main, long Sub) : IComparable<Revision>
{
    public int CompareTo(Revision other)
    {
        var main = Main.CompareTo(other.Main);
        return main != 0 ? main : Sub.CompareTo(other.Sub);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Main}.{Sub}");

    public static bool operator <(Revision left, Revision right) => left.CompareTo(right) < 0;

    public static bool operator >(Revision left, Revision right) => left.CompareTo(right) > 0;

    public static bool operator <=(Revision left, Revision right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Revision left, Revision right) => left.CompareTo(right) >= 0;
}
