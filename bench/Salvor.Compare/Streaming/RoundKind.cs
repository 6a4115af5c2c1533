namespace Salvor.Compare.Streaming;

/// <summary>What goes on beside the writer.</summary>
public enum RoundKind
{
    /// <summary>Nothing.</summary>
    Alone,

    /// <summary>A stream.</summary>
    Stream,

    /// <summary>A stream, and snapshots into the same repository, one after the other.</summary>
    StreamAndBackup,
}
