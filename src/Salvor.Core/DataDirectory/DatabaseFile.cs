using System.Security.Cryptography;
using Salvor.Errors;
using Salvor.Formats.Bytes;
using Salvor.Platform;
using Salvor.Progress;

namespace Salvor.DataDirectory;

/// <summary>An open etcd database file: a saved snapshot, or a backend.</summary>
/// <remarks>
/// A snapshot is the bbolt image followed by the 32 bytes of its SHA-256, so its length is 32 over a multiple of 512; a
/// backend's is a multiple. Anything between was cut short or added to. Beware: a snapshot cut exactly at a page looks
/// like a backend, which is why a file without a hash is restored only when the user says that it never had one.
/// </remarks>
public sealed class DatabaseFile : IDisposable
{
    public const int HashBytes = SHA256.HashSizeInBytes;

    private const int SectorBytes = 512;
    private const int BlockBytes = 1 << 20;

    private readonly IFile _file;

    private DatabaseFile(IFile file, DatabaseFileKind kind)
    {
        _file = file;
        Kind = kind;
        Image = kind == DatabaseFileKind.Snapshot ? new ByteSourceSlice(file, file.Length - HashBytes) : file;
    }

    public string Path => _file.Name;

    public DatabaseFileKind Kind { get; }

    /// <summary>The bbolt image.</summary>
    public IByteSource Image { get; }

    public long FileBytes => _file.Length;

    /// <summary>Opens a file and tells what it is, by its length and its first bytes.</summary>
    /// <exception cref="SalvorException">It can't be opened, or is something else altogether.</exception>
    public static DatabaseFile Open(IFileSystem files, string path)
    {
        var file = files.OpenRead(path);
        try
        {
            ForeignFile.Refuse(file);
            return (file.Length % SectorBytes) switch
            {
                0 => new DatabaseFile(file, DatabaseFileKind.Backend),
                HashBytes => new DatabaseFile(file, DatabaseFileKind.Snapshot),
                _ => throw new SalvorException(ErrorCode.Corrupt,
                    $"{path} has {file.Length} bytes, which no etcd snapshot or database has: it was cut short, or "
                        + "something was added to it.")
                {
                    Hint = "Fetch or copy it again and compare the sizes; or use another snapshot.",
                },
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the whole image and holds its SHA-256 against the stored one.</summary>
    /// <returns>The hash, in hex.</returns>
    /// <exception cref="SalvorException">They differ.</exception>
    public string CheckHash(IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = GC.AllocateUninitializedArray<byte>(BlockBytes);
        for (var offset = 0L; offset < Image.Length;)
        {
            ct.ThrowIfCancellationRequested();
            var count = Image.ReadAt(offset, block);
            if (count == 0)
            {
                break; // Cut short while we read: the sum will tell.
            }

            hash.AppendData(block, 0, count);
            offset += count;
            progress?.Report(new WorkProgress("checking the hash", offset, Image.Length));
        }

        var computed = hash.GetHashAndReset();
        var stored = new byte[HashBytes];
        _file.ReadExactlyAt(Image.Length, stored);
        return computed.AsSpan().SequenceEqual(stored)
            ? Convert.ToHexStringLower(computed)
            : throw new SalvorException(ErrorCode.Corrupt,
                $"{Path} is not what etcd sent: its SHA-256 is {Convert.ToHexStringLower(computed)}, stored is "
                    + $"{Convert.ToHexStringLower(stored)}.")
            {
                Hint = "It was damaged on its way or on disk. Use another copy; salvor verify shows what is wrong "
                    + "with this one.",
            };
    }

    public void Dispose() => _file.Dispose();
}
