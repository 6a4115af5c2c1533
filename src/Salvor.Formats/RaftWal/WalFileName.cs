using System.Globalization;

namespace Salvor.Formats.RaftWal;

/// <summary>
/// The name of a WAL segment: <c>%016x-%016x.wal</c>, its number and the first raft index that it may hold.
/// </summary>
/// <param name="Sequence">Counts segments from 0, without gaps.</param>
/// <param name="Index">No entry in this segment or a later one is below it.</param>
public readonly record struct WalFileName(ulong Sequence, ulong Index)
{
    private const string Suffix = ".wal";

    /// <summary>
    /// Other names in a WAL directory (spare segments, copies made before a repair) give false: they are to be ignored.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> name, out WalFileName parsed)
    {
        parsed = default;
        if (name.Length != 33 + Suffix.Length || name[16] != '-' || !name.EndsWith(Suffix, StringComparison.Ordinal)
            || !ulong.TryParse(name[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var sequence)
            || !ulong.TryParse(name[17..33], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var index))
        {
            return false;
        }

        parsed = new WalFileName(sequence, index);
        return true;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Sequence:x16}-{Index:x16}{Suffix}");
}
