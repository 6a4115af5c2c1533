using System.Text.RegularExpressions;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>
/// Whether somebody turned kubelet's answers to systemd's watchdog off (its feature gate <c>SystemdWatchdog</c>): then
/// systemd would end a healthy kubelet again and again.
/// </summary>
internal static partial class KubeletWatchdogGate
{
    /// <summary>Where kubeadm and the packages let kubelet's settings and flags be.</summary>
    private static readonly string[] Places =
    [
        "/var/lib/kubelet/config.yaml", "/var/lib/kubelet/kubeadm-flags.env", "/etc/default/kubelet",
        "/etc/sysconfig/kubelet",
    ];

    /// <summary>The file that turns it off, or null. Even a comment counts: no watchdog is the safe side.</summary>
    public static string? FindOff(NodeFiles machine) =>
        Places.Select(machine.TryRead)
            .FirstOrDefault(file => file is not null && Off().IsMatch(file.Text))?.Path;

    /// <summary>A line of YAML (<c>SystemdWatchdog: false</c>) or a flag (<c>SystemdWatchdog=false</c>).</summary>
    [GeneratedRegex("""\bSystemdWatchdog["']?\s*[:=]\s*["']?(?:false|f|0)\b""", RegexOptions.IgnoreCase)]
    private static partial Regex Off();
}
