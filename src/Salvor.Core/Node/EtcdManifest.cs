using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Platform;
using YamlDotNet.RepresentationModel;

namespace Salvor.Node;

/// <summary>What a static-pod manifest, such as kubeadm's, says of the etcd on this machine.</summary>
/// <remarks>
/// Paths are the machine's, not the container's. What the manifest leaves out has etcd's own default.
/// </remarks>
public sealed record EtcdManifest
{
    /// <summary>Where kubeadm puts it.</summary>
    public const string DefaultPath = "/etc/kubernetes/manifests/etcd.yaml";

    private const string EtcdDefaultPeerUrl = "http://localhost:2380";
    private const string EtcdDefaultClientUrl = "http://localhost:2379";

    public required string ManifestFile { get; init; }

    /// <summary>The container's image, as written.</summary>
    public required string? Image { get; init; }

    /// <summary>etcd's version by the image's tag, as in "3.5.16"; null where the tag tells none.</summary>
    public Version? ImageVersion => ParseTag(Image);

    /// <summary>The member's name.</summary>
    public required string Name { get; init; }

    public required string DataDirectory { get; init; }

    /// <summary>Null where the WAL is in the data directory.</summary>
    public required string? WalDirectory { get; init; }

    public required ImmutableArray<Uri> ListenClientUrls { get; init; }

    public required ImmutableArray<Uri> AdvertiseClientUrls { get; init; }

    public required ImmutableArray<Uri> InitialAdvertisePeerUrls { get; init; }

    /// <summary>As written: name=url pairs.</summary>
    public required string? InitialCluster { get; init; }

    public required string InitialClusterToken { get; init; }

    /// <summary>"new" or "existing".</summary>
    public required string InitialClusterState { get; init; }

    /// <summary>The certificate that etcd shows to its clients.</summary>
    public required string? CertificateFile { get; init; }

    public required string? KeyFile { get; init; }

    /// <summary>The CA that clients' certificates must be signed by.</summary>
    public required string? TrustedCaFile { get; init; }

    /// <summary>Every setting by flag name, without dashes and as written, with the container's paths.</summary>
    public required IReadOnlyDictionary<string, string> Flags { get; init; }

    /// <exception cref="SalvorException">The file is missing, no YAML, or runs no etcd.</exception>
    public static EtcdManifest Load(IFileSystem fileSystem, string path)
    {
        var spec = YamlDocument.Load(fileSystem, path).Map("spec");
        var container = spec.Items("containers").FirstOrDefault(IsEtcd)
            ?? throw new SalvorException(ErrorCode.WrongKind, $"{path} has no container that runs etcd.")
            {
                Hint = "Name the static-pod manifest of etcd; kubeadm's is " + DefaultPath + ".",
            };
        return Read(path, container, EtcdFlags.Of(container), HostPaths.Of(spec, container));
    }

    private static EtcdManifest Read(string path, YamlNode container, EtcdFlags flags, HostPaths paths)
    {
        var name = flags["name"] ?? "default";
        return new EtcdManifest
        {
            ManifestFile = path,
            Image = container.Text("image"),
            Name = name,
            DataDirectory = paths.Map(flags["data-dir"] ?? $"{name}.etcd")!,
            WalDirectory = flags["wal-dir"] is { Length: > 0 } wal ? paths.Map(wal) : null,
            ListenClientUrls = UrlsOr(flags, "listen-client-urls", EtcdDefaultClientUrl),
            AdvertiseClientUrls = UrlsOr(flags, "advertise-client-urls", EtcdDefaultClientUrl),
            InitialAdvertisePeerUrls = UrlsOr(flags, "initial-advertise-peer-urls", EtcdDefaultPeerUrl),
            InitialCluster = flags["initial-cluster"],
            InitialClusterToken = flags["initial-cluster-token"] ?? "etcd-cluster",
            InitialClusterState = flags["initial-cluster-state"] ?? "new",
            CertificateFile = paths.Map(flags["cert-file"]),
            KeyFile = paths.Map(flags["key-file"]),
            TrustedCaFile = paths.Map(flags["trusted-ca-file"]),
            Flags = flags.All,
        };
    }

    private static ImmutableArray<Uri> UrlsOr(EtcdFlags flags, string name, string fallback) =>
        flags.Urls(name) is { Length: > 0 } urls ? [.. urls] : [new Uri(fallback)];

    internal static bool IsEtcd(YamlNode container)
    {
        var program = container.Items("command").OfType<YamlScalarNode>().FirstOrDefault()?.Value;
        return program is null ? container.Text("name") == "etcd" : Path.GetFileName(program) == "etcd"
            || container.Text("name") == "etcd";
    }

    internal static Version? ParseTag(string? image)
    {
        var tag = image?.Split('@')[0].Split(':')[^1].TrimStart('v').Split('-', '+')[0];
        return Version.TryParse(tag, out var version) ? version : null;
    }
}
