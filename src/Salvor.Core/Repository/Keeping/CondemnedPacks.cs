namespace Salvor.Repository.Keeping;

/// <summary>The packs that prune plans list.</summary>
/// <param name="names">Full names.</param>
/// <param name="isComplete">False when a plan could not be read: then any pack may be condemned.</param>
internal sealed class CondemnedPacks(IReadOnlySet<string> names, bool isComplete)
{
    public bool IsComplete { get; } = isComplete;

    /// <summary>Those of a timeline, without their folder.</summary>
    public IReadOnlySet<string> Of(TimelineId timeline)
    {
        var folder = RepositoryNames.Packs(timeline);
        return names
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Select(name => name[folder.Length..])
            .ToHashSet(StringComparer.Ordinal);
    }
}
