using System.Globalization;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.OnMachine.Disk;

/// <summary>Whether a file system that etcd or the machine lives on has run out of space or inodes.</summary>
public sealed class DiskLook(DiskPlaces places) : IMachineLook
{
    public Task<Observations> LookAsync(CancellationToken ct) => Task.FromResult(Look());

    public Observations Look()
    {
        var found = places.Directories.Select(path => (Path: path, Space: TryAsk(path))).ToList();
        return Observations.None
            .With(Sign.DiskFull, Judge(found, DiskLimits.IsFull, out var full), full)
            .With(Sign.InodesFull, Judge(found, DiskLimits.HasNoInodes, out var crowded), crowded);
    }

    /// <summary>One that is full is enough; all of them must be seen to say that none is.</summary>
    private static Truth Judge(
        List<(string Path, FileSystemSpace? Space)> found, Func<FileSystemSpace, bool> isSo, out string detail)
    {
        var bad = found.Where(one => one.Space is { } space && isSo(space)).ToList();
        detail = string.Join(", ", bad.Select(one => Describe(one.Path, one.Space!.Value)));
        return bad.Count > 0 ? Truth.Yes
            : found.Count == 0 || found.Any(one => one.Space is null) ? Truth.Unknown : Truth.No;
    }

    private static string Describe(string path, FileSystemSpace space) => string.Create(CultureInfo.InvariantCulture,
        $"at {path}, {space.FreeBytes >> 20} of {space.TotalBytes >> 20} MiB and {space.FreeInodes} inodes are left");

    private FileSystemSpace? TryAsk(string path)
    {
        try
        {
            return places.Space(path);
        }
        catch (SalvorException)
        {
            return null;
        }
    }
}
