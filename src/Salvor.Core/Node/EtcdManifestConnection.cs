using System.Collections.Immutable;
using System.Net;
using Salvor.EtcdClient;
using Salvor.Platform;

namespace Salvor.Node;

/// <summary>How to speak, on the same machine, to the etcd that a manifest runs.</summary>
public static class EtcdManifestConnection
{
    private const string HealthCheckClient = "healthcheck-client";

    /// <summary>
    /// The member's own addresses, loopback first, with kubeadm's health-check certificate where it is present and
    /// etcd's
    /// own certificate otherwise.
    /// </summary>
    public static EtcdConnectionOptions ToConnectionOptions(this EtcdManifest manifest, IFileSystem fileSystem)
    {
        var endpoints = EndpointsOf(manifest);
        var isTls = endpoints.Any(e => e.Scheme == Uri.UriSchemeHttps);
        var (certificate, key) = isTls ? ClientCertificateOf(manifest, fileSystem) : default;
        return new EtcdConnectionOptions
        {
            Endpoints = endpoints,
            CaFile = isTls ? manifest.TrustedCaFile : null,
            ClientCertificateFile = certificate,
            ClientKeyFile = key,
        };
    }

    private static ImmutableArray<Uri> EndpointsOf(EtcdManifest manifest) =>
        [.. manifest.ListenClientUrls.Select(Reachable).OrderBy(u => u.IsLoopback ? 0 : 1).Distinct()];

    /// <summary>An address that means "every interface" is listened on, not spoken to.</summary>
    private static Uri Reachable(Uri listen)
    {
        var isAny = IPAddress.TryParse(listen.DnsSafeHost, out var address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
        return isAny ? new UriBuilder(listen) { Host = "127.0.0.1" }.Uri : listen;
    }

    private static (string? Certificate, string? Key) ClientCertificateOf(EtcdManifest manifest, IFileSystem fileSystem)
    {
        var directory = Path.GetDirectoryName(manifest.TrustedCaFile ?? manifest.CertificateFile);
        if (directory is not null)
        {
            var certificate = Path.Combine(directory, HealthCheckClient + ".crt");
            var key = Path.Combine(directory, HealthCheckClient + ".key");
            if (fileSystem.Stat(certificate) is not null && fileSystem.Stat(key) is not null)
            {
                return (certificate, key);
            }
        }

        return (manifest.CertificateFile, manifest.KeyFile);
    }
}
