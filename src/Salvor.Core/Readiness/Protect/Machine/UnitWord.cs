using System.Text;
using Salvor.Errors;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>A word of a command line as systemd.service(5) reads it.</summary>
internal static class UnitWord
{
    /// <exception cref="SalvorException">It has line breaks or the like.</exception>
    public static string Of(string path)
    {
        if (path.Any(char.IsControl))
        {
            throw new SalvorException(ErrorCode.Usage, "A path with line breaks or the like can't stand in a unit.")
            {
                Hint = "Put the file elsewhere.",
            };
        }

        var word = new StringBuilder();
        foreach (var letter in path)
        {
            word.Append(letter switch
            {
                '%' or '$' => $"{letter}{letter}",
                '"' or '\\' => $"\\{letter}",
                _ => letter.ToString(),
            });
        }

        var isPlain = path.All(
            letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_' or '+');
        return isPlain ? path : $"\"{word}\"";
    }
}
