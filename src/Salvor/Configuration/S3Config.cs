using System.Collections.Immutable;

namespace Salvor.Configuration;

/// <summary>How a bucket is reached. Credentials are found the way that AWS's own tools find them.</summary>
public sealed record S3Config
{
    private const string Section = "repository.s3";

    /// <summary>The service's URL; null for AWS itself.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The region; null for what AWS's own settings say.</summary>
    public string? Region { get; init; }

    /// <summary>Whether the bucket goes into the path, as most services that are not AWS want.</summary>
    public bool PathStyle { get; init; }

    /// <summary>PEM file with the CA of the endpoint's certificate; null for the machine's own.</summary>
    public string? CaFile { get; init; }

    /// <summary>The profile of AWS's configuration files; null for AWS's own order of looking.</summary>
    public string? Profile { get; init; }

    public ImmutableArray<string> Validate()
    {
        var faults = new ConfigFaults();
        var url = Uri.TryCreate(Endpoint, UriKind.Absolute, out var parsed) ? parsed : null;
        faults.AddIf(Endpoint is not null && url is not { Scheme: "http" or "https", UserInfo: "", Host.Length: > 0 },
            $"{Section}.endpoint", $"'{Endpoint}' is not of the form https://HOST or http://HOST:PORT.");
        faults.AddIf(CaFile is not null && url is not { Scheme: "https" }, $"{Section}.caFile",
            "is of no use without an https endpoint.");
        faults.AddUnlessAbsolute($"{Section}.caFile", CaFile);
        return faults.ToImmutable();
    }
}
