using System.Buffers;
using System.Text;

namespace Salvor.Inspect;

/// <summary>Tells text that a terminal may be shown from everything else.</summary>
internal static class TextGuess
{
    public static bool IsText(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) != OperationStatus.Done
                || (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t' or '\r')))
            {
                return false;
            }

            bytes = bytes[consumed..];
        }

        return true;
    }
}
