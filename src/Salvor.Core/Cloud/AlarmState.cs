namespace Salvor.Cloud;

/// <summary>What an alarm says of what it watches.</summary>
public enum AlarmState
{
    /// <summary>The cloud said nothing, or a word that is not known here.</summary>
    Unknown,

    /// <summary>Nothing is wrong.</summary>
    Ok,

    /// <summary>Its condition holds, and its actions ran when it began to.</summary>
    Alarm,

    /// <summary>There are too few figures to tell, as for an alarm that was just made.</summary>
    InsufficientData,
}
