using System.Globalization;

namespace Salvor.Formats.Snap;

/// <summary>
/// The name of a raft snapshot: <c>%016x-%016x.snap</c>, term first (a WAL's name has the index second too, but begins
/// with its number).
/// </summary>
public readonly record struct SnapFileName(ulong Term, ulong Index)
{
    private const string Suffix = ".snap";

    /// <summary>Other names in a snap directory (db, copies marked broken, leftovers) give false.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out SnapFileName parsed)
    {
        parsed = default;
        if (name.Length != 33 + Suffix.Length || name[16] != '-' || !name.EndsWith(Suffix, StringComparison.Ordinal)
            || !ulong.TryParse(name[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var term)
            || !ulong.TryParse(name[17..33], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var index))
        {
            return false;
        }

        parsed = new SnapFileName(term, index);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Term:x16}-{Index:x16}{Suffix}");
}
