namespace Salvor.Cloud;

/// <summary>Whether the cloud moves a machine to another host by itself when its host fails.</summary>
public enum AutomaticRecovery
{
    /// <summary>The cloud did not say.</summary>
    Unknown,

    /// <summary>It does, where the type of machine allows.</summary>
    On,

    /// <summary>It was switched off for this machine.</summary>
    Off,
}
