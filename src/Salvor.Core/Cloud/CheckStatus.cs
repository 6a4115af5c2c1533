namespace Salvor.Cloud;

/// <summary>The outcome of a check that a cloud makes of a machine.</summary>
public enum CheckStatus
{
    /// <summary>The cloud said nothing, or a word that is not known here.</summary>
    Unknown,

    /// <summary>The check passed.</summary>
    Ok,

    /// <summary>The check failed.</summary>
    Impaired,

    /// <summary>The machine was started a moment ago; this is no failure.</summary>
    Initializing,

    /// <summary>The cloud can't tell; this is no failure.</summary>
    InsufficientData,

    /// <summary>There is nothing to check, as on a machine that is off.</summary>
    NotApplicable,
}
