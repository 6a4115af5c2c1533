using System.Text;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>The text of the drop-in that protect writes for kubelet's unit.</summary>
internal static class KubeletDropIn
{
    public const string FilePath = "/etc/systemd/system/kubelet.service.d/20-salvor.conf";

    private const string Head =
        "# Written by salvor protect. Its --remove deletes the file, as long as nobody has changed it.\n"
        + "# Settings of your own belong into another file of this directory.\n";

    public static string Text(IEnumerable<KubeletSetting> settings)
    {
        var text = new StringBuilder(Head);
        var valueOf = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            valueOf[setting.Key] = setting.Value; // The last of a key counts, as for systemd.
        }

        foreach (var section in KubeletSetting.All.Where(s => valueOf.ContainsKey(s.Key)).GroupBy(s => s.Section))
        {
            text.Append($"\n[{section.Key}]\n");
            foreach (var setting in section)
            {
                text.Append($"{setting.Key}={valueOf[setting.Key]}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Whether a text is, byte for byte, one that was written here.</summary>
    public static bool IsOurs(string text) => text == Text(SettingsIn(text));

    /// <summary>The text with some more settings; of a file that people changed, nothing else is touched.</summary>
    public static string With(string? text, IReadOnlyList<KubeletSetting> more)
    {
        if (text is null || IsOurs(text))
        {
            return Text([.. text is null ? [] : SettingsIn(text), .. more]);
        }

        return more.Aggregate(text, (t, s) => UnitFileText.With(t, s.Section, s.Key, s.Value));
    }

    private static List<KubeletSetting> SettingsIn(string text)
    {
        var written = UnitFileText.Read(text, FilePath).ToList();
        return [.. KubeletSetting.All.Append(KubeletSetting.NoWatchdog)
            .Where(s => written.Any(w => w.Section == s.Section && w.Key == s.Key && w.Value == s.Value))];
    }
}
