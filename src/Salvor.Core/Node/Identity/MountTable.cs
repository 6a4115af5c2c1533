using System.Text;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Node.Identity;

/// <summary>What is mounted where, as the kernel tells this process.</summary>
public sealed class MountTable
{
    private const string TablePath = "/proc/self/mountinfo";
    private const string UuidDirectory = "/dev/disk/by-uuid";
    private const int TableBytesMax = 4 << 20;
    private const int LinksMax = 4096;

    private readonly IFileSystem _files;
    private readonly List<(string Point, string Kind, string Source)> _mounts;

    private MountTable(IFileSystem files, List<(string Point, string Kind, string Source)> mounts)
    {
        _files = files;
        _mounts = mounts;
    }

    /// <exception cref="SalvorException">The kernel's table can't be read.</exception>
    public static MountTable Read(IFileSystem files) =>
        Parse(files, Encoding.UTF8.GetString(SmallFile.TryRead(files, TablePath, TableBytesMax) ?? []));

    /// <summary>What a directory lies on, whether it is there or not; null where the table does not say.</summary>
    public MountIdentity? Of(string directory)
    {
        (string Point, string Kind, string Source)? found = null;
        foreach (var mount in _mounts)
        {
            // Of two at one place, the later one hides the other.
            if (HostPaths.Holds(mount.Point.TrimEnd('/'), directory)
                && mount.Point.Length >= (found?.Point.Length ?? 0))
            {
                found = mount;
            }
        }

        return found is { } best ? new MountIdentity(best.Point, best.Kind, UuidOf(best.Source)) : null;
    }

    /// <summary>
    /// A volume of its own must be back on its place, and be the same one. What lies on the machine's own disk lies
    /// where it was, or on a volume that somebody mounted since, of which the data itself tells.
    /// </summary>
    public static MountState Compare(MountIdentity? now, MountIdentity? then)
    {
        if (now is null || then is null)
        {
            return MountState.Unknown;
        }

        if (now.Point != then.Point)
        {
            return then.Point.Length > now.Point.Length ? MountState.Missing : MountState.Unknown;
        }

        // The machine's own disk has the stamp on it: where that was copied, so was all else.
        return now.Point != "/" && now.Uuid is not null && then.Uuid is not null && now.Uuid != then.Uuid
            ? MountState.Other
            : MountState.Expected;
    }

    /// <summary>Reads proc(5)'s mountinfo: id, parent, device, root, POINT, options, marks, -, KIND, SOURCE.</summary>
    internal static MountTable Parse(IFileSystem files, string table)
    {
        var mounts = new List<(string, string, string)>();
        foreach (var line in table.Split('\n'))
        {
            var words = line.Split(' ');
            var mark = Array.IndexOf(words, "-");
            if (mark > 4 && words.Length > mark + 2)
            {
                mounts.Add((Unescape(words[4]), words[mark + 1], Unescape(words[mark + 2])));
            }
        }

        return new MountTable(files, mounts);
    }

    /// <summary>Blanks and backslashes are written as three octal digits.</summary>
    private static string Unescape(string word)
    {
        var text = new StringBuilder();
        for (var i = 0; i < word.Length; i++)
        {
            var digits = word[i] == '\\' && i + 3 < word.Length ? word.AsSpan(i + 1, 3) : default;
            if (digits.Length == 3 && !digits.ContainsAnyExceptInRange('0', '7'))
            {
                text.Append((char)(((digits[0] - '0') * 64) + ((digits[1] - '0') * 8) + digits[2] - '0'));
                i += 3;
            }
            else
            {
                text.Append(word[i]);
            }
        }

        return text.ToString();
    }

    /// <summary>By udev's links, which need no program and no right to read the device.</summary>
    private string? UuidOf(string source)
    {
        if (!source.StartsWith("/dev/", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            var device = Path.GetFileName(_files.ReadLink(source) ?? source);
            return _files.Stat(UuidDirectory) is { IsDirectory: true }
                ? _files.List(UuidDirectory).Take(LinksMax).FirstOrDefault(
                    name => Path.GetFileName(_files.ReadLink(Path.Combine(UuidDirectory, name))) == device)
                : null;
        }
        catch (SalvorException)
        {
            return null;
        }
    }
}
