using System.Text;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>The text of one unit file or drop-in: its assignments, and small edits that keep the rest.</summary>
internal static class UnitFileText
{
    /// <summary>Every assignment, in order, as systemd reads them.</summary>
    public static IEnumerable<UnitSetting> Read(string text, string file)
    {
        var section = "";
        var whole = new StringBuilder();
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (line.StartsWith('#') || line.StartsWith(';'))
            {
                continue; // Between the lines of one long assignment too.
            }

            if (line.EndsWith('\\'))
            {
                whole.Append(line.AsSpan(0, line.Length - 1)).Append(' ');
                continue;
            }

            line = whole.Append(line).ToString().Trim();
            whole.Clear();
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line.StartsWith('[') && line.EndsWith(']'))
            {
                section = line[1..^1];
            }
            else if (equals > 0)
            {
                yield return new UnitSetting(section, line[..equals].Trim(), line[(equals + 1)..].Trim(), file);
            }
        }
    }

    /// <summary>Gives a key another value where it is set last, or adds it at the end.</summary>
    public static string With(string text, string section, string key, string value)
    {
        var lines = text.Split('\n').ToList();
        var current = "";
        var at = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.StartsWith('[') && line.EndsWith(']'))
            {
                current = line[1..^1];
            }
            else if (current == section && line.Split('=')[0].Trim() == key && line.Contains('='))
            {
                at = i;
            }
        }

        if (at >= 0 && !lines[at].TrimEnd().EndsWith('\\'))
        {
            lines[at] = $"{key}={value}";
            return string.Join('\n', lines);
        }

        return text.TrimEnd('\n') + $"\n\n[{section}]\n{key}={value}\n";
    }
}
