namespace Salvor.Recovery.Outside;

/// <summary>What has become of a recovery.</summary>
public enum PastState
{
    /// <summary>It goes on, or whoever did it has died in its middle.</summary>
    GoesOn,

    /// <summary>It has ended, and all its steps were done.</summary>
    Done,

    /// <summary>It was taken back, or a step of it was passed over.</summary>
    Failed,

    /// <summary>Nothing was done: a person is needed, or asked.</summary>
    NeedsPerson,

    /// <summary>Nothing was done: it would have been, if it were allowed.</summary>
    Advised,
}
