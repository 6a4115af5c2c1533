using System.Collections.Immutable;

namespace Salvor.Lab.Cloud.Model;

/// <summary>A snapshot as the API knows it.</summary>
public sealed record Snapshot(string Id, string Volume, int SizeGiB, string Description, DateTimeOffset Started)
{
    public string State { get; init; } = "pending";

    public ImmutableDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;
}
