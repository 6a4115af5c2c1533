using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats.Findings;
using Salvor.Platform;
using Salvor.Progress;
using Salvor.Repository;
using Salvor.Repository.Snapshots;

namespace Salvor.Verify.Stored;

/// <summary>Puts a snapshot's image together in a temporary file, and checks all of it.</summary>
internal sealed class ImageCheck(
    OpenRepository repository, IFileSystem files, ICpuPool pool, IEntropy entropy, IFindingSink findings)
{
    private const UnixFileMode PrivateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="SalvorException">The directory has no room for the image.</exception>
    public void RequireSpace(SnapshotManifest manifest, string directory)
    {
        var free = files.FreeBytes(directory);
        if (free < manifest.ImageBytes + DatabaseFile.HashBytes)
        {
            throw new SalvorException(ErrorCode.NoSpace,
                $"{directory} has {free} bytes free, and the image of snapshot {manifest.Id} has "
                + $"{manifest.ImageBytes}.")
            {
                Hint = "Name a directory with more room with --scratch.",
            };
        }
    }

    /// <summary>Checks the image; the snapshot is damaged afterwards when an error was found.</summary>
    public async Task<DatabaseFacts?> RunAsync(
        CheckedSnapshot snapshot, string directory, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var name = snapshot.Entry.Name.Value;
        var counting = new CountingSink(new RenamingSink(findings, name));
        var path = Path.Combine(directory, $"salvor-verify-{RandomSuffix()}");
        DatabaseFacts? facts = null;
        try
        {
            await FetchAsync(snapshot.Manifest, path, progress, ct);
            using var file = DatabaseFile.Open(files, path);
            facts = await new DatabaseCheck(file, counting, pool).RunAsync(progress, ct);
            CheckRevision(snapshot.Manifest, facts, counting);
        }
        catch (Exception e) when (Damage.Is(e) || e is SalvorException { Code: ErrorCode.WrongKind })
        {
            var found = Damage.ToFinding(e, "repository.snapshot.image", name);
            counting.Report(found with
            {
                Message = found.Message.Replace(path, "the image", StringComparison.Ordinal),
            });
        }
        finally
        {
            if (files.Stat(path) is not null)
            {
                files.DeleteOwnFile(path);
            }
        }

        snapshot.IsDamaged |= counting.Errors > 0;
        snapshot.IsImageChecked = counting.Errors == 0;
        return facts;
    }

    /// <summary>Makes what etcd sent: the image, and its hash at the end.</summary>
    private async Task FetchAsync(
        SnapshotManifest manifest, string path, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        using var file = files.CreateNew(path, PrivateMode);
        file.SetLength(manifest.ImageBytes + DatabaseFile.HashBytes);
        await new ImageFetch(repository, pool).RunAsync(manifest, file, progress, ct);
        file.WriteAt(manifest.ImageBytes, Convert.FromHexString(manifest.ImageSha256));
    }

    private static void CheckRevision(SnapshotManifest manifest, DatabaseFacts facts, CountingSink counting)
    {
        if (counting.Errors == 0 && facts.Revision != manifest.Revision)
        {
            counting.Report(new Finding(Severity.Error, "repository.snapshot.revision", manifest.Id, Offset: null,
                $"its image is of revision {facts.Revision}, and its name says {manifest.Revision}"));
        }
    }

    private string RandomSuffix()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        entropy.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
