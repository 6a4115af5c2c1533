namespace Salvor.Cloud;

/// <summary>How far a volume is on its way to a machine, or away from it.</summary>
public enum AttachmentState
{
    /// <summary>The cloud said nothing, or a word that is not known here. The machine may still write.</summary>
    Unknown,

    /// <summary>The machine is about to have it.</summary>
    Attaching,

    /// <summary>The machine has it.</summary>
    Attached,

    /// <summary>The machine was told to let go, and may still write.</summary>
    Detaching,

    /// <summary>The machine let go.</summary>
    Detached,

    /// <summary>The machine was told to let go and does not: the device is in use.</summary>
    Busy,
}
