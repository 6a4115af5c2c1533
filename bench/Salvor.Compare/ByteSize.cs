using System.Globalization;

namespace Salvor.Compare;

/// <summary>Sizes as people write them: "400MB", "2GB", "65536".</summary>
public static class ByteSize
{
    public static long Parse(string text)
    {
        var (digits, unit) = text switch
        {
            _ when text.EndsWith("GB", StringComparison.OrdinalIgnoreCase) => (text[..^2], 1_000_000_000L),
            _ when text.EndsWith("MB", StringComparison.OrdinalIgnoreCase) => (text[..^2], 1_000_000L),
            _ when text.EndsWith("kB", StringComparison.OrdinalIgnoreCase) => (text[..^2], 1_000L),
            _ => (text, 1L),
        };
        return long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) * unit;
    }
}
