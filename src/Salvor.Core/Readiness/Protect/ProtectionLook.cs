namespace Salvor.Readiness.Protect;

/// <summary>What a protection is now, what it should be, and how it gets there.</summary>
public sealed record ProtectionLook
{
    public required ProtectionState State { get; init; }

    /// <summary>What is there now, in few words; null where it can't be seen.</summary>
    public string? Found { get; init; }

    /// <summary>What is wanted, in words that compare with <see cref="Found"/>.</summary>
    public string? Wanted { get; init; }

    /// <summary>What a change does, with what it costs; null where none is due.</summary>
    public string? Change { get; init; }

    /// <summary>Why it is refused, unseen or not applicable, and what the user can do about it.</summary>
    public string? Note { get; init; }
}
