namespace Salvor.ObjectStore;

public enum PutConditionKind
{
    /// <summary>Store it, whatever is there.</summary>
    None,

    /// <summary>Store it only where nothing has the name.</summary>
    IfAbsent,

    /// <summary>Store it only over the content with this tag.</summary>
    IfMatch,
}
