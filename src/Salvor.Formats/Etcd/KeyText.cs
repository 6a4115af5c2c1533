using System.Globalization;
using System.Text;

namespace Salvor.Formats.Etcd;

/// <summary>
/// Shows a user key: text where it is printable, \x escapes where it is not, so that a terminal is never at its mercy.
/// </summary>
public static class KeyText
{
    public static string Show(ReadOnlySpan<byte> key)
    {
        var text = new StringBuilder(key.Length);
        while (!key.IsEmpty)
        {
            var isRune = Rune.DecodeFromUtf8(key, out var rune, out var bytes) == System.Buffers.OperationStatus.Done;
            if (isRune && rune.Value != '\\' && !IsUnprintable(rune))
            {
                text.Append(rune);
            }
            else if (isRune && rune.Value == '\\')
            {
                text.Append("\\\\");
            }
            else
            {
                foreach (var b in key[..bytes])
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
                }
            }

            key = key[bytes..];
        }

        return text.ToString();
    }

    private static bool IsUnprintable(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
