namespace Salvor.Cloud;

/// <summary>What a cloud says of a volume.</summary>
public enum VolumeState
{
    /// <summary>The cloud said nothing, or a word that is not known here.</summary>
    Unknown,

    /// <summary>It is being made.</summary>
    Creating,

    /// <summary>It is there, and no machine has it.</summary>
    Available,

    /// <summary>At least one machine has it, or is about to.</summary>
    InUse,

    /// <summary>It is being deleted.</summary>
    Deleting,

    /// <summary>It was deleted.</summary>
    Deleted,

    /// <summary>The cloud failed to make it, or lost it.</summary>
    Failed,
}
