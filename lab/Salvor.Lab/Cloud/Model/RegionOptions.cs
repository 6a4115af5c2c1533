using System.Net;

namespace Salvor.Lab.Cloud.Model;

/// <summary>What a region is made of.</summary>
public sealed record RegionOptions(string Name, IReadOnlyList<Zone> Zones)
{
    public string Partition { get; init; } = "aws";

    public string Account { get; init; } = "000000000000";

    public string AccessKey { get; init; } = "lab";

    public string SecretKey { get; init; } = "lab-secret";

    /// <summary>Where the elastic addresses come from.</summary>
    public IPNetwork PublicNetwork { get; init; } = IPNetwork.Parse("198.51.100.0/24");
}
