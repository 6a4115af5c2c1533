using System.Collections.Immutable;

namespace Salvor.Lab.Cloud.Model;

/// <summary>All that describes answer from. Unchangeable, so that an older one can be shown: stale describes.</summary>
public sealed record RegionState
{
    public ImmutableSortedDictionary<string, Instance> Instances { get; init; } =
        ImmutableSortedDictionary.Create<string, Instance>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, Volume> Volumes { get; init; } =
        ImmutableSortedDictionary.Create<string, Volume>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, Snapshot> Snapshots { get; init; } =
        ImmutableSortedDictionary.Create<string, Snapshot>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, Address> Addresses { get; init; } =
        ImmutableSortedDictionary.Create<string, Address>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, LaunchTemplate> Templates { get; init; } =
        ImmutableSortedDictionary.Create<string, LaunchTemplate>(StringComparer.Ordinal);
}
