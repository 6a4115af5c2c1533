using System.Globalization;
using System.Text;

namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>The texts that let systemd mount etcd's volume, and let kubelet wait for it.</summary>
internal static class MountUnit
{
    public const string DropInPath = "/etc/systemd/system/kubelet.service.d/21-salvor-etcd-volume.conf";

    public const string RequiresMounts = "RequiresMountsFor";

    private const string Head = "# Written by salvor protect --etcd-volume.\n";

    /// <summary>The name that systemd wants for a mount unit of a path (systemd-escape --path).</summary>
    public static string NameOf(string path)
    {
        var name = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(path.Trim('/')))
        {
            var letter = (char)value;
            var isPlain = char.IsAsciiLetterOrDigit(letter) || letter is ':' or '_'
                || (letter == '.' && name.Length > 0);
            if (letter == '/')
            {
                name.Append('-');
            }
            else if (isPlain)
            {
                name.Append(letter);
            }
            else
            {
                name.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
            }
        }

        return name.Append(".mount").ToString();
    }

    public static string PathOf(string directory) => $"/etc/systemd/system/{NameOf(directory)}";

    /// <summary>Wanted, and not required, by the boot: a missing volume keeps kubelet down, and nobody's ssh.</summary>
    public static string Text(FileSystemOnDevice volume, string directory) =>
        $"{Head}[Unit]\nDescription=etcd's volume\n\n[Mount]\nWhat={volume.Link}\nWhere={directory}\n"
        + $"Type={volume.Type}\nOptions=noatime\n\n[Install]\nWantedBy=local-fs.target\n";

    public static string DropIn(string directory) =>
        $"{Head}# kubelet, and so etcd, does not start without the volume.\n\n[Unit]\n{RequiresMounts}={directory}\n";
}
