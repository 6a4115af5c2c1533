namespace Salvor.ObjectStore;

/// <summary>How a put ended: stored, or refused by its own condition.</summary>
/// <param name="IsStored">False where nothing was changed, since the condition did not hold.</param>
/// <param name="Tag">
/// The stored content's tag. Always there for content of at most <see cref="StoreLimits.TaggedBytesMax"/>.
/// </param>
public readonly record struct PutResult(bool IsStored, ObjectTag? Tag)
{
    /// <summary>The condition did not hold, so nothing was changed.</summary>
    public static PutResult ConditionNotMet => default;

    public static PutResult Stored(ObjectTag? tag) => new(IsStored: true, tag);
}
