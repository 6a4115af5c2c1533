using System.Globalization;
using System.Text;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Node;

/// <summary>Finds the etcd that runs on a data directory, in a container or not, by asking the kernel.</summary>
public static class EtcdProcesses
{
    private const string Processes = "/proc";
    private const string Flag = "data-dir";
    private const int CommandLineBytesMax = 128 << 10;

    /// <summary>The process's id; null when there is none.</summary>
    /// <param name="files">The machine's files, /proc among them.</param>
    /// <param name="dataDirectory">Where the data is on this machine.</param>
    /// <param name="inContainer">The same directory as etcd's own command line names it.</param>
    /// <exception cref="SalvorException">Nobody can tell: there is no /proc.</exception>
    public static int? Find(IFileSystem files, string dataDirectory, string inContainer)
    {
        foreach (var name in files.List(Processes))
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && DataDirectoryOf(files, id) is { } named
                && IsSame(files, id, named, dataDirectory, inContainer))
            {
                return id;
            }
        }

        return null;
    }

    /// <summary>What a command line says of etcd's data directory; null where it is none of etcd's.</summary>
    internal static string? DataDirectoryOf(ReadOnlySpan<byte> commandLine)
    {
        var words = Encoding.UTF8.GetString(commandLine).Split('\0');
        if (Path.GetFileName(words[0]) != "etcd")
        {
            return null;
        }

        string? found = null; // The last one counts, as for etcd.
        for (var i = 1; i < words.Length; i++)
        {
            var flag = words[i].StartsWith('-') ? words[i].TrimStart('-') : "";
            if (flag.StartsWith(Flag + "=", StringComparison.Ordinal))
            {
                found = flag[(Flag.Length + 1)..];
            }
            else if (flag == Flag && i + 1 < words.Length)
            {
                found = words[++i];
            }
        }

        return found is { Length: > 0 } path ? path.Length > 1 ? path.TrimEnd('/') : path : null;
    }

    private static string? DataDirectoryOf(IFileSystem files, int process)
    {
        try
        {
            var content = SmallFile.TryRead(files, PathOf(process, "/cmdline"), CommandLineBytesMax);
            return content is { Length: > 0 } ? DataDirectoryOf(content) : null;
        }
        catch (SalvorException)
        {
            return null; // It has ended meanwhile, or has a command line longer than any etcd's.
        }
    }

    /// <summary>
    /// Whether what the process sees under a name is the directory that we see. Another container's etcd may well call
    /// its own by the same name, so names count only where there is nothing better.
    /// </summary>
    private static bool IsSame(
        IFileSystem files, int process, string named, string dataDirectory, string inContainer)
    {
        try
        {
            return files.Stat(PathOf(process, "/root" + named)) is { } theirs
                ? files.Stat(dataDirectory) is { } ours
                    && (theirs.DeviceId, theirs.Inode) == (ours.DeviceId, ours.Inode)
                : named == dataDirectory; // It runs on a directory that was moved away.
        }
        catch (SalvorException)
        {
            return named == dataDirectory || named == inContainer;
        }
    }

    private static string PathOf(int process, string rest) =>
        string.Create(CultureInfo.InvariantCulture, $"{Processes}/{process}{rest}");
}
