using System.Collections.Immutable;
using Salvor.Providers.S3;

namespace Salvor.Configuration;

/// <summary>Where the backups are, and what opens them.</summary>
public sealed record RepositoryConfig
{
    private const string Section = "repository";

    /// <summary>A directory's path, or s3://BUCKET or s3://BUCKET/PREFIX; null when it is not set.</summary>
    public string? Location { get; init; }

    /// <summary>The key file; null when a passphrase opens the repository.</summary>
    public string? KeyFile { get; init; }

    /// <summary>A file whose first line is the passphrase.</summary>
    public string? PassphraseFile { get; init; }

    public S3Config S3 { get; init; } = new();

    public ImmutableArray<string> Validate()
    {
        var faults = new ConfigFaults();
        if (Location is { } location)
        {
            faults.AddAll($"{Section}.location", StoreLocation.FaultsOf(location));
            faults.AddIf(S3 != new S3Config() && !StoreLocation.IsS3(location), $"{Section}.s3",
                $"is of no use: {location} is no bucket.");
            faults.AddAll($"{Section}.location", FaultsOfBucket(location));
        }

        faults.AddIf(KeyFile is not null && PassphraseFile is not null, $"{Section}.keyFile",
            "can't be given together with passphraseFile: one of them opens the repository.");
        faults.AddUnlessAbsolute($"{Section}.keyFile", KeyFile);
        faults.AddUnlessAbsolute($"{Section}.passphraseFile", PassphraseFile);
        faults.AddAll(S3.Validate());
        return faults.ToImmutable();
    }

    /// <summary>How the bucket is reached. The location must be one.</summary>
    internal S3StoreOptions ToS3StoreOptions()
    {
        var (bucket, prefix) = StoreLocation.S3Parts(Location!);
        return new S3StoreOptions
        {
            Bucket = bucket,
            Prefix = prefix,
            Endpoint = Uri.TryCreate(S3.Endpoint, UriKind.Absolute, out var endpoint) ? endpoint : null,
            Region = S3.Region,
            UsesPathStyle = S3.PathStyle,
            CaFile = S3.CaFile,
            Profile = S3.Profile,
        };
    }

    /// <summary>What the store would refuse about the names; the rest has its own keys, and is said there.</summary>
    private IEnumerable<string> FaultsOfBucket(string location) =>
        StoreLocation.IsS3(location) && !StoreLocation.FaultsOf(location).Any()
            ? ToS3StoreOptions().Validate().Where(f => f.StartsWith("bucket:", StringComparison.Ordinal)
                || f.StartsWith("prefix:", StringComparison.Ordinal))
            : [];
}
