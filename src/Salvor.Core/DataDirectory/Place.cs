using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>Where a path leads, whatever links, mounts and spellings it takes to get there.</summary>
/// <remarks>
/// What exists is known by device and inode. Of a path that is yet to be made, the part that exists is known by them,
/// and the rest can't hold links.
/// </remarks>
/// <param name="DeviceId">Of the deepest directory that exists.</param>
/// <param name="Inode">Of the same.</param>
/// <param name="Rest">The names below it that do not exist, with a slash before each; empty when all does.</param>
public sealed record Place(ulong DeviceId, ulong Inode, string Rest)
{
    /// <summary>More than PATH_MAX allows: a path can't be deeper.</summary>
    private const int DepthMax = 4096;

    public static bool IsSame(IFileSystem files, string left, string right) =>
        Find(files, left).Place == Find(files, right).Place;

    /// <summary>Whether <paramref name="inner"/> is <paramref name="outer"/> or lies anywhere below it.</summary>
    public static bool IsWithin(IFileSystem files, string inner, string outer)
    {
        var wanted = Find(files, outer).Place;
        var (place, existing) = Find(files, inner);
        if (wanted.Rest.Length > 0)
        {
            return wanted with { Rest = "" } == place with { Rest = "" }
                && (place.Rest + "/").StartsWith(wanted.Rest + "/", StringComparison.Ordinal);
        }

        // Upwards by "..", which the kernel follows from where a link leads to, not from where it lies.
        for (var depth = 0; depth < DepthMax; depth++)
        {
            if (files.Stat(existing) is not { } status)
            {
                return false;
            }

            var here = new Place(status.DeviceId, status.Inode, "");
            if (here == wanted)
            {
                return true;
            }

            existing = Path.Combine(existing, "..");
            if (files.Stat(existing) is not { } above || (above.DeviceId, above.Inode) == (here.DeviceId, here.Inode))
            {
                return false; // The root is its own parent.
            }
        }

        return false;
    }

    private static (Place Place, string Existing) Find(IFileSystem files, string path)
    {
        var full = MemberLayout.Clean(path);
        for (var existing = full; ; existing = Path.GetDirectoryName(existing) ?? "/")
        {
            if (files.Stat(existing) is { } status)
            {
                var rest = full[existing.TrimEnd('/').Length..].TrimEnd('/');
                return (new Place(status.DeviceId, status.Inode, rest), existing);
            }

            if (existing == "/")
            {
                return (new Place(0, 0, full), existing); // No root: nothing is the same as this.
            }
        }
    }
}
