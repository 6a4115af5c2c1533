namespace Salvor.Cloud;

/// <summary>What a cloud says that a machine is doing.</summary>
public enum MachineState
{
    /// <summary>The cloud said nothing, or a word that is not known here. It proves nothing.</summary>
    Unknown,

    /// <summary>It is being started.</summary>
    Pending,

    /// <summary>It is on. Whether its system works is for the status checks to say.</summary>
    Running,

    /// <summary>It was told to stop, and may still run and write.</summary>
    Stopping,

    /// <summary>It is off, and can be started again.</summary>
    Stopped,

    /// <summary>It was told to end for good, and may still run and write.</summary>
    ShuttingDown,

    /// <summary>It is off for good.</summary>
    Terminated,
}
