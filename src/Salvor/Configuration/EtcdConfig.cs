using System.Collections.Immutable;

namespace Salvor.Configuration;

/// <summary>The etcd that is protected. What is not said here comes from its static-pod manifest.</summary>
public sealed record EtcdConfig
{
    private const string Section = "etcd";

    /// <summary>Client URLs; empty for the manifest's.</summary>
    public ImmutableArray<string> Endpoints { get; init; } = [];

    /// <summary>PEM file with the CA that signed etcd's certificate.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file with our client certificate.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with the key of <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>etcd's static-pod manifest; null for kubeadm's, where it exists.</summary>
    public string? ManifestFile { get; init; }

    /// <summary>etcd's data directory on this machine; null for the manifest's.</summary>
    public string? DataDirectory { get; init; }

    public ImmutableArray<string> Validate()
    {
        var faults = new ConfigFaults();
        foreach (var endpoint in Endpoints)
        {
            faults.AddIf(!IsUrl(endpoint), $"{Section}.endpoints",
                $"'{endpoint}' is not of the form https://HOST:PORT or http://HOST:PORT.");
        }

        faults.AddIf(CertificateFile is null != KeyFile is null, $"{Section}.certificateFile",
            "goes together with keyFile: give both or neither.");
        faults.AddUnlessAbsolute($"{Section}.caFile", CaFile);
        faults.AddUnlessAbsolute($"{Section}.certificateFile", CertificateFile);
        faults.AddUnlessAbsolute($"{Section}.keyFile", KeyFile);
        faults.AddUnlessAbsolute($"{Section}.manifestFile", ManifestFile);
        faults.AddUnlessAbsolute($"{Section}.dataDirectory", DataDirectory);
        return faults.ToImmutable();
    }

    private static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url is { PathAndQuery: "/", UserInfo: "", Host.Length: > 0 };
}
