using System.Buffers;

namespace Salvor.Providers.S3;

/// <summary>How a bucket is reached and used.</summary>
public sealed record S3StoreOptions
{
    private const long MiB = 1 << 20;

    private static readonly SearchValues<char> BucketAlphabet =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    /// <summary>The bucket. It must exist: it is never made here.</summary>
    public string Bucket { get; init; } = "";

    /// <summary>What every object's key begins with, without a slash at either end; empty for none.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The service's URL; null for AWS itself.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>
    /// The region that requests are signed for; null for what AWS's own settings say, or, with an endpoint,
    /// us-east-1.
    /// </summary>
    public string? Region { get; init; }

    /// <summary>
    /// Puts the bucket into the path and not into the host's name, as most services that are not AWS want.
    /// </summary>
    public bool UsesPathStyle { get; init; }

    /// <summary>
    /// A PEM file with the signers to trust for the endpoint's certificate; null for the machine's own.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>
    /// The profile of AWS's configuration files to take credentials from; null to look in the environment, in the
    /// default profile, and at the machine's or pod's role, in AWS's own order.
    /// </summary>
    public string? Profile { get; init; }

    /// <summary>
    /// Longer content goes up in parts, several at a time. No part of it is seen before the last is there.
    /// </summary>
    public long MultipartThresholdBytes { get; init; } = 32 * MiB;

    /// <summary>The size of each part but the last.</summary>
    public long PartBytes { get; init; } = 16 * MiB;

    /// <summary>How many parts of one object are under way at a time.</summary>
    public int PartsAtOnceMax { get; init; } = 4;

    /// <summary>How long a connection may take to be made.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one request may take, from its first byte to the answer's last.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Everything that is wrong with these options; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        AddIf(faults, Bucket.Length is < 3 or > 63 || Bucket.AsSpan().ContainsAnyExcept(BucketAlphabet),
            $"bucket: '{Bucket}' is no bucket's name: 3 to 63 letters, digits, '-' and '.'.");
        AddIf(faults, Prefix.Length > 0 && !ObjectStore.ObjectName.IsValid(Prefix.ToLowerInvariant()),
            $"prefix: '{Prefix}' must be segments of letters, digits, '.', '_' and '-', joined by '/'.");
        AddIf(faults, Endpoint is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")),
            $"endpoint: '{Endpoint}' is no http or https URL.");
        AddIf(faults, Endpoint is { Scheme: "http" } && CaFile is not null,
            "caFile: is of no use with an http endpoint; say https.");
        AddIf(faults, PartBytes is < 5 * MiB or > 512 * MiB, $"partBytes: {PartBytes} is outside 5 MiB..512 MiB.");
        AddIf(faults, MultipartThresholdBytes < PartBytes || MultipartThresholdBytes > 5L << 30,
            $"multipartThresholdBytes: {MultipartThresholdBytes} is outside partBytes..5 GiB.");
        AddIf(faults, PartsAtOnceMax is < 1 or > 64, $"partsAtOnceMax: {PartsAtOnceMax} is outside 1..64.");
        AddIf(faults, ConnectTimeout <= TimeSpan.Zero || ConnectTimeout > TimeSpan.FromMinutes(5),
            $"connectTimeout: {ConnectTimeout} is outside 0..5 minutes.");
        AddIf(faults, RequestTimeout <= TimeSpan.Zero || RequestTimeout > TimeSpan.FromHours(1),
            $"requestTimeout: {RequestTimeout} is outside 0..1 hour.");
        return faults;
    }

    private static void AddIf(List<string> faults, bool isFault, string fault)
    {
        if (isFault)
        {
            faults.Add(fault);
        }
    }
}
