using System.Collections.Immutable;

namespace Salvor.Lab.Cloud.Model;

/// <summary>A launch template with its one version: the parameters of RunInstances, as they came.</summary>
public sealed record LaunchTemplate(
    string Id, string Name, ImmutableDictionary<string, string> Data, DateTimeOffset Created)
{
    public ImmutableDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;
}
