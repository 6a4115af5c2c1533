using Salvor.Errors;
using Salvor.Platform;
using Salvor.Repository.Kits;

namespace Salvor.Node.Kits;

/// <summary>Takes the kit of the machine: what etcd does not hold, and a new control plane needs.</summary>
public sealed class KitCapture(IFileSystem files, TimeProvider time, KitPlaces places)
{
    /// <returns>Null on a machine that has neither static pods nor anything else that was asked for.</returns>
    public KitDocument? Take()
    {
        var kubeadm = new KubeadmFiles(files, places.Root);
        IReadOnlyList<KitSeed> seeds;
        try
        {
            seeds = kubeadm.Find();
        }
        catch (SalvorException e)
        {
            // A kit that can't be taken is said so, and is no reason to have no backup of etcd.
            return DocumentOf(kubeadm, [], [new KitMissing(places.Root, e.Message)]);
        }

        if (kubeadm.StaticPods is null && places.Extra.IsEmpty)
        {
            return null;
        }

        var walk = new KitWalk(files, places.Root);
        foreach (var seed in seeds.Concat(places.Extra.Select(path => new KitSeed(path, "the configuration names it"))))
        {
            walk.Add(seed);
        }

        return DocumentOf(kubeadm, walk.Entries, walk.Missing);
    }

    /// <summary>Tells whether the kit has changed; null where there is none.</summary>
    public string? Fingerprint() => Take() is { } kit ? KitFingerprint.Of(kit) : null;

    /// <summary>Where a path of the machine is for us.</summary>
    internal static string On(string root, string path) => root.TrimEnd('/') + path;

    /// <summary>Reads a small file whole, and again when it was changed meanwhile.</summary>
    /// <exception cref="SalvorException">It can't be read, or does not come to rest.</exception>
    internal static (byte[] Content, FileStatus Status) ReadSettled(IFileSystem files, string path)
    {
        const int Tries = 3;
        for (var i = 0; i < Tries; i++)
        {
            var before = files.Stat(path);
            using var file = files.OpenRead(path);
            if (before is not { IsFile: true } || file.Length > KitRules.FileBytesMax)
            {
                break;
            }

            var content = new byte[file.Length];
            var isWhole = file.ReadAt(0, content) == content.Length;
            if (isWhole && files.Stat(path) == before)
            {
                return (content, before);
            }
        }

        throw new SalvorException(ErrorCode.Failed, $"{path} was changed while it was read.") { IsTransient = true };
    }

    private KitDocument DocumentOf(
        KubeadmFiles kubeadm, IEnumerable<KitEntry> entries, IEnumerable<KitMissing> missing) =>
        new()
        {
            Captured = time.GetUtcNow(),
            StaticPods = kubeadm.StaticPods,
            Entries = [.. entries],
            Missing = [.. missing],
        };
}
