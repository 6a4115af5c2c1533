namespace Salvor.Readiness.Protect.Machine;

/// <summary>The text of the drop-in that runs the gate before kubelet.</summary>
/// <remarks>
/// The dash lets kubelet start whatever becomes of the command, also when the program is no longer there.
/// </remarks>
internal static class GateUnitText
{
    public const string FilePath = "/etc/systemd/system/kubelet.service.d/22-salvor-gate.conf";

    public const string Section = "Service";
    public const string Key = "ExecStartPre";

    private const string Head =
        "# Written by salvor protect. Its --remove deletes the file, as long as nobody has changed it.\n"
        + "# The gate looks at etcd's data and decides within 5 s. It never keeps kubelet from starting.\n";

    /// <summary>What systemd runs.</summary>
    /// <param name="program">Where salvor is.</param>
    /// <param name="configPath">Its configuration file; null for the usual one.</param>
    public static string Command(string program, string? configPath)
    {
        var words = configPath is null ? (string[])["gate"] : ["gate", "--config", UnitWord.Of(configPath)];
        return $"-{UnitWord.Of(program)} {string.Join(' ', words)}";
    }

    public static string Text(string command) => $"{Head}\n[{Section}]\n{Key}={command}\n";

    /// <summary>Whether a text is, byte for byte, one that was written here.</summary>
    public static bool IsOurs(string text) =>
        UnitFileText.Read(text, FilePath).ToList() is [{ Section: Section, Key: Key } only]
        && text == Text(only.Value);
}
