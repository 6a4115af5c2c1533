using System.Collections.Immutable;

namespace Salvor.Lab.Cloud.Model;

/// <summary>A volume as the API knows it.</summary>
public sealed record Volume(string Id, string Zone, int SizeGiB, string? Snapshot, DateTimeOffset Created)
{
    public string State { get; init; } = "creating";

    public Attachment? Attachment { get; init; }

    public ImmutableDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The instance whose root disk this is: the host keeps that disk with the machine.</summary>
    public string? RootOf { get; init; }
}
