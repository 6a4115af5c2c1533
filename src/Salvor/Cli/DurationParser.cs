using System.CommandLine.Parsing;
using System.Globalization;

namespace Salvor.Cli;

/// <summary>Reads "90", "90s", "5m" or "2h" as a time span.</summary>
internal static class DurationParser
{
    public static TimeSpan Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (TryParse(text, out var span))
        {
            return span;
        }

        result.AddError($"'{text}' is no duration; write seconds, or a number with s, m or h, as in 30s.");
        return default;
    }

    public static bool TryParse(string text, out TimeSpan span)
    {
        span = default;
        var unitSeconds = text.Length == 0 ? 0 : text[^1] switch
        {
            's' or (>= '0' and <= '9') => 1,
            'm' => 60,
            'h' => 3600,
            _ => 0,
        };
        var digits = text.TrimEnd('s', 'm', 'h');
        if (unitSeconds == 0 || text.Length - digits.Length > 1
            || !uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        span = TimeSpan.FromSeconds((double)count * unitSeconds);
        return true;
    }
}
