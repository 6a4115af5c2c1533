namespace Salvor.ObjectStore;

/// <summary>What must hold at the instant of a put for it to be done.</summary>
public readonly record struct PutCondition
{
    private readonly ObjectTag _tag;

    private PutCondition(PutConditionKind kind, ObjectTag tag)
    {
        Kind = kind;
        _tag = tag;
    }

    public static PutCondition None => default;

    public static PutCondition IfAbsent { get; } = new(PutConditionKind.IfAbsent, default);

    public PutConditionKind Kind { get; }

    /// <summary>The tag that the present content must have.</summary>
    public ObjectTag Tag => Kind == PutConditionKind.IfMatch
        ? _tag
        : throw new InvalidOperationException($"The condition {Kind} has no tag.");

    public static PutCondition IfMatch(ObjectTag tag)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag.Value);
        return new PutCondition(PutConditionKind.IfMatch, tag);
    }
}
