using Salvor.Node;
using Salvor.Platform;

namespace Salvor.Configuration;

/// <summary>Looks at the machine for what a configuration needs to say of its etcd.</summary>
internal static class MachineSurvey
{
    /// <summary>What the manifest tells; all defaults where none is named and kubeadm's is not there.</summary>
    public static EtcdConfig Look(IFileSystem files, string? manifestFile)
    {
        if (manifestFile is null && files.Stat(EtcdManifest.DefaultPath) is null)
        {
            return new EtcdConfig();
        }

        var manifest = EtcdManifest.Load(files, manifestFile ?? EtcdManifest.DefaultPath);
        var connection = manifest.ToConnectionOptions(files);
        return new EtcdConfig
        {
            ManifestFile = manifest.ManifestFile,
            Endpoints = [.. connection.Endpoints.Select(e => e.GetLeftPart(UriPartial.Authority))],
            CaFile = connection.CaFile,
            CertificateFile = connection.ClientCertificateFile,
            KeyFile = connection.ClientKeyFile,
            DataDirectory = manifest.DataDirectory,
        };
    }

    /// <summary>
    /// Whether the directory is on the file system that etcd's data is on: then one dead disk takes both.
    /// </summary>
    public static bool IsBesideEtcd(IFileSystem files, EtcdConfig etcd, string directory) =>
        etcd.DataDirectory is { } data && files.Stat(data) is { } left && files.Stat(directory) is { } right
        && left.DeviceId == right.DeviceId;
}
