using System.Buffers;
using System.Globalization;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>Spans of time as unit files have them: "10", "1min 30s", "500ms", "infinity".</summary>
internal static class SystemdTime
{
    private static readonly SearchValues<char> Number = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> AfterUnit = SearchValues.Create("0123456789. ");

    private static readonly Dictionary<string, double> SecondsOf = new(StringComparer.Ordinal)
    {
        [""] = 1,
        ["s"] = 1,
        ["sec"] = 1,
        ["second"] = 1,
        ["seconds"] = 1,
        ["us"] = 1e-6,
        ["usec"] = 1e-6,
        ["ms"] = 1e-3,
        ["msec"] = 1e-3,
        ["m"] = 60,
        ["min"] = 60,
        ["minute"] = 60,
        ["minutes"] = 60,
        ["h"] = 3600,
        ["hr"] = 3600,
        ["hour"] = 3600,
        ["hours"] = 3600,
    };

    /// <summary>Seconds; null for what can't be read, or has no end.</summary>
    public static double? Seconds(string text)
    {
        var total = 0.0;
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            return null;
        }

        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Number);
            digits = digits < 0 ? rest.Length : digits;
            var number = rest[..digits];
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n))
            {
                return null;
            }

            rest = rest[digits..].TrimStart();
            var letters = rest.IndexOfAny(AfterUnit);
            letters = letters < 0 ? rest.Length : letters;
            if (!SecondsOf.TryGetValue(rest[..letters].ToString(), out var unit))
            {
                return null;
            }

            total += n * unit;
            rest = rest[letters..].TrimStart();
        }

        return total;
    }
}
