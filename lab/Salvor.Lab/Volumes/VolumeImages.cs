using Salvor.Lab.Host;

namespace Salvor.Lab.Volumes;

/// <summary>Volumes: sparse files that outlive machines, each behind a loop device while it is attached.</summary>
public sealed class VolumeImages(LabPaths paths)
{
    private const long GiB = 1L << 30;

    public string FileOf(string volume) => $"{paths.Disks}/volumes/{volume}.img";

    public string SnapshotFile(string snapshot) => $"{paths.Disks}/snapshots/{snapshot}.img";

    /// <summary>Makes a volume, blank or with a snapshot's content.</summary>
    public async Task CreateAsync(string volume, int sizeGiB, string? snapshot, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(volume))!);
        if (snapshot is not null)
        {
            await CopyAsync(SnapshotFile(snapshot), FileOf(volume), cancel).ConfigureAwait(false);
        }

        using var file = File.OpenHandle(FileOf(volume), FileMode.OpenOrCreate, FileAccess.Write);
        RandomAccess.SetLength(file, sizeGiB * GiB);
    }

    public void Delete(string volume) => File.Delete(FileOf(volume));

    /// <summary>Gives the volume a device.</summary>
    /// <returns>The device, such as <c>/dev/loop3</c>.</returns>
    public async Task<string> OpenAsync(string volume, CancellationToken cancel) =>
        (await Tool.RunAsync(cancel, "losetup", "--find", "--show", FileOf(volume)).ConfigureAwait(false)).Trim();

    public static Task CloseAsync(string device, CancellationToken cancel) =>
        Tool.RunAsync(cancel, "losetup", "--detach", device);

    public async Task SnapshotAsync(string snapshot, string volume, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(SnapshotFile(snapshot))!);
        await CopyAsync(FileOf(volume), SnapshotFile(snapshot), cancel).ConfigureAwait(false);
    }

    public void DeleteSnapshot(string snapshot) => File.Delete(SnapshotFile(snapshot));

    private static Task<string> CopyAsync(string from, string to, CancellationToken cancel) =>
        Tool.RunAsync(cancel, "cp", "--reflink=auto", "--sparse=always", from, to);
}
