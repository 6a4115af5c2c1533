using Salvor.Errors;
using Salvor.Platform;
using Salvor.Recovery.Engine;

namespace Salvor.Recovery.OnMachine.Disk;

/// <summary>Files that hold nothing but space, which is given back when a disk is full.</summary>
/// <remarks>
/// Their space is really set aside (fallocate), which writes no data: etcd's disk hardly notices. A crash while one is
/// made leaves one that is too short: it is made again. They are the only files that are deleted here, and Salvor's
/// own.
/// </remarks>
public sealed class DiskReserve(DiskPlaces places, IProcessRunner processes)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan VacuumLimit = TimeSpan.FromSeconds(60);

    private static readonly string[] Vacuum = ["--vacuum-size=64M"];

    private IFileSystem Files => places.Machine.FileSystem;

    /// <summary>
    /// Makes the reserves that are missing, where there is plenty of room. To be called now and then; a file system
    /// that can't set space aside gets none.
    /// </summary>
    public void Keep()
    {
        foreach (var path in places.Reserves)
        {
            try
            {
                Keep(path);
            }
            catch (SalvorException e) when (e.Code is ErrorCode.NoSpace or ErrorCode.AccessDenied)
            {
                // Somebody else took the room meanwhile, or may only read: there is no reserve.
            }
        }
    }

    /// <summary>Gives the reserves of full file systems back, and shortens the system's journal there.</summary>
    public async Task<StepReport> ReleaseReserveAsync(CancellationToken ct)
    {
        var full = places.Directories.Where(path => DiskLimits.IsFull(places.Space(path))).ToList();
        if (full.Count == 0)
        {
            return StepReport.Done("No disk is full any more.");
        }

        var devices = full.Select(places.DeviceOf).ToHashSet();
        var said = new List<string>();
        foreach (var path in places.Reserves.Where(path => devices.Contains(places.DeviceOf(DirectoryOf(path)))))
        {
            if (Files.Stat(places.Machine.PathOf(path)) is { IsFile: true } reserve)
            {
                Delete(path);
                said.Add($"{path} gave {reserve.SizeBytes >> 20} MiB back.");
            }
        }

        if (devices.Contains(places.DeviceOf(DiskPlaces.LogDirectory)))
        {
            said.Add(await ShortenJournalAsync(ct));
        }

        var left = full.Where(path => DiskLimits.IsFull(places.Space(path))).ToList();
        if (left.Count == 0)
        {
            return StepReport.Done(string.Join(" ", said));
        }

        said.Add($"Full still: {string.Join(", ", left)}.");
        said.Add("Free space there: old images, logs, or a larger disk. Never delete etcd's files.");
        return StepReport.Failed(string.Join(" ", said));
    }

    private static string DirectoryOf(string path) => Path.GetDirectoryName(path) ?? "/";

    private void Keep(string path)
    {
        var place = places.Machine.PathOf(path);
        var present = Files.Stat(place);
        if (present?.SizeBytes == DiskLimits.ReserveBytes)
        {
            return;
        }

        if (present is not null)
        {
            Delete(path);
        }

        places.Machine.EnsureDirectory(DirectoryOf(path));
        if (places.Space(DirectoryOf(path)).FreeBytes < DiskLimits.RoomyBytes)
        {
            return;
        }

        var isWhole = false;
        try
        {
            using var file = Files.CreateNew(place, Private);
            file.Preallocate(DiskLimits.ReserveBytes);
            file.FlushToDisk();
            isWhole = file.Length == DiskLimits.ReserveBytes;
        }
        finally
        {
            if (!isWhole)
            {
                Files.DeleteOwnFile(place);
            }
        }

        Files.FlushDirectory(DirectoryOf(place));
    }

    private void Delete(string path) => places.Machine.DeleteOwn(path);

    private async Task<string> ShortenJournalAsync(CancellationToken ct)
    {
        if (!places.Machine.IsThisMachine)
        {
            return "The system's journal was left alone: this is not its machine.";
        }

        try
        {
            return await processes.RunAsync("journalctl", Vacuum, VacuumLimit, ct) switch
            {
                null => "There is no journalctl.",
                { ExitCode: 0 } => "The system's journal is down to 64 MB.",
                var failed => $"journalctl failed: {failed.Error.Trim()}",
            };
        }
        catch (SalvorException e)
        {
            return e.Message;
        }
    }
}
