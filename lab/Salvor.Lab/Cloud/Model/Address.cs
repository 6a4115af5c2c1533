using System.Collections.Immutable;

namespace Salvor.Lab.Cloud.Model;

/// <summary>An elastic address, which moves between instances of any zone.</summary>
public sealed record Address(string Id, string PublicAddress)
{
    public string? Instance { get; init; }

    public string? Association { get; init; }

    public ImmutableDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;
}
