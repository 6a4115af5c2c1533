using System.Globalization;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Recovery.Gate;

/// <summary>etcd's manifest, and the place aside where kubelet does not find it.</summary>
/// <remarks>
/// It is moved by one rename each way, so that it is always in exactly one of the two places, and never in none. Beside
/// a held one lies the reason, which is there before it is held and goes after it is released: a crash leaves a reason
/// without a manifest at most, which means nothing.
/// </remarks>
/// <param name="files">The machine's files.</param>
/// <param name="manifest">Where kubelet reads it.</param>
/// <param name="time">For the name of what an older hold left.</param>
public sealed class HeldManifest(IFileSystem files, string manifest, TimeProvider time)
{
    public const string DirectoryName = "salvor-held";

    private const int ReasonBytesMax = 256 << 10;

    private const UnixFileMode ReasonMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    private const UnixFileMode DirectoryMode = ReasonMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    public string Manifest => manifest;

    /// <summary>Beside the manifests' directory, so that one rename leads there.</summary>
    public string Directory { get; } = Path.Combine(ParentOf(ParentOf(manifest)), DirectoryName);

    /// <summary>Where the manifest is while it is held.</summary>
    public string HeldPath => Path.Combine(Directory, Path.GetFileName(manifest));

    public string ReasonPath => HeldPath + ".reason.json";

    public ManifestPlace Place => Has(manifest) ? ManifestPlace.InPlace
        : Has(HeldPath) ? ManifestPlace.Held : ManifestPlace.Missing;

    /// <summary>Where the manifest is now; where it should be when it is in neither place.</summary>
    public string CurrentPath => Place == ManifestPlace.Held ? HeldPath : manifest;

    /// <summary>Why it is held, as it was written; null where nothing is written.</summary>
    public byte[]? ReadReason() => SmallFile.TryRead(files, ReasonPath, ReasonBytesMax);

    /// <summary>Puts the manifest aside, with the reason.</summary>
    /// <exception cref="SalvorException">It could not be done; the manifest is in one of the two places.</exception>
    public void Hold(ReadOnlySpan<byte> reason)
    {
        if (files.Stat(Directory) is null)
        {
            files.CreateDirectory(Directory, DirectoryMode);
            files.FlushDirectory(ParentOf(Directory));
        }

        SmallFile.Write(files, ReasonPath, reason, ReasonMode);
        if (Has(HeldPath))
        {
            // Somebody wrote a manifest anew while one was held. Both are kept.
            files.Rename(HeldPath, FreeName());
        }

        Move(manifest, HeldPath);
    }

    /// <summary>Puts a held manifest back; kubelet then starts etcd within seconds.</summary>
    /// <exception cref="SalvorException">None is held, or something else is in its place.</exception>
    public void Release()
    {
        if (!Has(HeldPath))
        {
            throw new SalvorException(ErrorCode.NotFound, $"No manifest of etcd's is held in {Directory}.")
            {
                Hint = Has(manifest) ? $"{manifest} is where it belongs." : "Restore it: salvor restore --kit.",
            };
        }

        if (Has(manifest))
        {
            throw new SalvorException(ErrorCode.TargetNotEmpty,
                $"{manifest} exists, and another one is held in {HeldPath}.")
            {
                Hint = "Compare them, move away the one that is wrong, then run this again. Nothing was changed.",
            };
        }

        Move(HeldPath, manifest);
        if (Has(ReasonPath))
        {
            files.DeleteOwnFile(ReasonPath);
            files.FlushDirectory(Directory);
        }
    }

    private static string ParentOf(string path) => Path.GetDirectoryName(path) ?? "/";

    private string FreeName()
    {
        var stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var name = $"{HeldPath}.before-{stamp}";
        for (var i = 1; Has(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{HeldPath}.before-{stamp}-{i}");
        }

        return name;
    }

    private bool Has(string path) => files.IsLink(path) || files.Stat(path) is not null;

    private void Move(string from, string to)
    {
        files.Rename(from, to);
        files.FlushDirectory(ParentOf(to));
        files.FlushDirectory(ParentOf(from));
    }
}
