namespace Salvor.ObjectStore;

/// <summary>
/// What a store says of an object's content, to be handed back with <see cref="PutCondition.IfMatch"/>.
/// </summary>
/// <remarks>
/// Opaque. Different content has different tags; equal content may have equal ones. So what is changed by condition
/// must carry something that never repeats, or a change to and fro goes unseen.
/// </remarks>
/// <param name="Value">The store's own text: an ETag, a hash.</param>
public readonly record struct ObjectTag(string Value)
{
    public override string ToString() => Value;
}
