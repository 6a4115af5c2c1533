namespace Salvor.Recovery.Ladder;

/// <summary>What Salvor may do by itself.</summary>
public enum RecoveryMode
{
    /// <summary>It says what it would do.</summary>
    Advise,

    /// <summary>It asks, and does it when somebody approves.</summary>
    Approve,

    /// <summary>It does it.</summary>
    Automatic,
}
