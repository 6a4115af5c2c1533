using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Node;
using Salvor.Platform;

namespace Salvor.Recovery.Gate;

/// <summary>Copies of etcd's manifest that somebody left beside it: kubelet starts whatever lies there.</summary>
internal static class StrayManifests
{
    private const int NamesMax = 100;

    /// <summary>Files of the manifest's directory that run an etcd, less the manifest.</summary>
    public static ImmutableArray<string> Find(IFileSystem files, string manifest)
    {
        var directory = Path.GetDirectoryName(manifest) ?? "/";
        try
        {
            // kubelet passes over names that begin with a dot.
            return files.Stat(directory) is not { IsDirectory: true }
                ? []
                :
                [
                    .. files.List(directory).Where(name => !name.StartsWith('.')).Take(NamesMax)
                        .Select(name => Path.Combine(directory, name))
                        .Where(path => path != manifest && IsEtcds(files, path)),
                ];
        }
        catch (SalvorException)
        {
            return [];
        }
    }

    private static bool IsEtcds(IFileSystem files, string path)
    {
        try
        {
            return files.Stat(path) is { IsFile: true } && EtcdManifest.Load(files, path).ManifestFile == path;
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return false;
        }
    }
}
