using Salvor.ObjectStore.Decorators;

namespace Salvor.Providers.Aws;

/// <summary>How Amazon's cloud, or something that speaks its interface, is reached.</summary>
public sealed record AwsOptions
{
    /// <summary>
    /// The region; null to look in <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c>, the profile, and at the machine's own.
    /// </summary>
    public string? Region { get; init; }

    /// <summary>
    /// The profile of AWS's configuration files; null for <c>AWS_PROFILE</c>, or for what is found in AWS's own order.
    /// </summary>
    public string? Profile { get; init; }

    /// <summary>
    /// EC2's URL; null for <c>AWS_ENDPOINT_URL_EC2</c>, <c>AWS_ENDPOINT_URL</c>, or AWS itself.
    /// </summary>
    public Uri? Ec2Endpoint { get; init; }

    /// <summary>
    /// CloudWatch's URL; null for <c>AWS_ENDPOINT_URL_CLOUDWATCH</c>, <c>AWS_ENDPOINT_URL</c>, or AWS itself.
    /// </summary>
    public Uri? CloudWatchEndpoint { get; init; }

    /// <summary>How long a connection may take to be made.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one request may take, from its first byte to the answer's last.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the machine's own metadata may take: it is next door, or not there at all.</summary>
    public TimeSpan MetadataTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often and how long a call that may pass is tried again.</summary>
    public RetryOptions Retry { get; init; } = new()
    {
        AttemptsMax = 6,
        DelayMin = TimeSpan.FromMilliseconds(500),
        DelayMax = TimeSpan.FromSeconds(15),
    };

    /// <summary>Everything that is wrong with these options; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (Region is not null && !AwsSettings.IsRegion(Region))
        {
            faults.Add($"region: '{Region}' is no region's name, such as us-east-1.");
        }

        AddIfNoUrl(faults, "ec2Endpoint", Ec2Endpoint);
        AddIfNoUrl(faults, "cloudWatchEndpoint", CloudWatchEndpoint);
        AddIfOutside(faults, "connectTimeout", ConnectTimeout);
        AddIfOutside(faults, "requestTimeout", RequestTimeout);
        AddIfOutside(faults, "metadataTimeout", MetadataTimeout);
        faults.AddRange(Retry.Validate().Select(fault => $"retry.{fault}"));
        return faults;
    }

    private static void AddIfNoUrl(List<string> faults, string name, Uri? url)
    {
        if (url is not null && !AwsSettings.IsEndpoint(url))
        {
            faults.Add($"{name}: '{url}' is no http or https URL.");
        }
    }

    private static void AddIfOutside(List<string> faults, string name, TimeSpan value)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromMinutes(5))
        {
            faults.Add($"{name}: {value} is outside 0..5 minutes.");
        }
    }
}
