using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Formats.Bbolt;
using Salvor.Platform;
using Salvor.Progress;

namespace Salvor.Backup;

/// <summary>
/// Streams an ordinary etcd snapshot into a file: the bytes that etcd sent, with its hash at the end.
/// </summary>
/// <remarks>
/// Everything goes into a hidden file beside the target, which gets the target's name only when its hash is right and
/// its bytes are durable. A crash before leaves that hidden file, a crash after leaves the whole snapshot. Receiving
/// and writing overlap, with a few blocks between them, so that memory does not grow with the snapshot.
/// </remarks>
public sealed class SnapshotToFile(IFileSystem fileSystem, ICpuPool cpuPool, IEntropy entropy, TimeProvider time)
{
    private const int SectorBytes = 512;

    /// <exception cref="SalvorException">etcd, the network or the disk failed, the hash is wrong, or the target
    /// exists.</exception>
    public async Task<SnapshotFileReport> RunAsync(
        EtcdConnection etcd, SnapshotToFileOptions options, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        // Named first: a name that is taken, or a missing directory, is no reason to trouble etcd.
        using var target = NewFile.Begin(fileSystem, options.TargetFile, entropy);
        var status = await etcd.Maintenance.StatusAsync(ct);
        var started = time.GetTimestamp();
        using var snapshot = await etcd.Maintenance.OpenSnapshotAsync(ct);
        RequireSpace(Path.GetDirectoryName(target.Path) ?? "/", snapshot.ImageBytes);

        using var writer = new SnapshotFileWriter(target.File);
        var sink = new FileSink(writer, snapshot.ImageBytes, progress);
        await new SnapshotPump(cpuPool).RunAsync(snapshot, sink, ct);
        var hash = RequireWhole(snapshot, writer, target.File);
        target.Commit();
        return new SnapshotFileReport(
            target.Path, snapshot.Endpoint, status.Version, writer.WrittenBytes, hash, time.GetElapsedTime(started));
    }

    private void RequireSpace(string directory, long imageBytes)
    {
        var free = fileSystem.FreeBytes(directory);
        if (free < imageBytes + SnapshotFileWriter.HashBytes)
        {
            throw new SalvorException(
                ErrorCode.NoSpace, $"{directory} has {free} bytes free, and etcd's database has {imageBytes}.")
            {
                Hint = "Free some space, or name a target on a larger file system.",
            };
        }
    }

    private static string RequireWhole(EtcdSnapshot snapshot, SnapshotFileWriter writer, IFile file)
    {
        var size = writer.WrittenBytes;
        if (size % SectorBytes != SnapshotFileWriter.HashBytes)
        {
            throw Damaged(snapshot, $"it has {size} bytes, which is not whole pages and a hash");
        }

        // The hash proves the way from etcd to us; the meta pages prove that what etcd sent is a database.
        var imageBytes = size - SnapshotFileWriter.HashBytes;
        if (MetaPair.Read(file).Newest is not { } meta || meta.ImageBytes != imageBytes)
        {
            throw Damaged(snapshot, $"its {imageBytes} bytes are no database image");
        }

        var hash = writer.FinishImageHash();
        return writer.TrailingHash.SequenceEqual(hash)
            ? Convert.ToHexStringLower(hash)
            : throw Damaged(snapshot, $"its hash is {Convert.ToHexStringLower(hash)}, "
                + $"and etcd says {Convert.ToHexStringLower(writer.TrailingHash)}");
    }

    private static SalvorException Damaged(EtcdSnapshot snapshot, string why) =>
        new(ErrorCode.Corrupt, $"The snapshot from {snapshot.Endpoint} did not arrive whole: {why}.")
        {
            IsTransient = true,
            Hint = "Try again; nothing was kept.",
        };
}
