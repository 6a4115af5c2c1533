namespace Salvor.Recovery.Driver;

/// <summary>What became of a journal entry.</summary>
public enum AppendResult
{
    Written,

    /// <summary>Somebody else wrote in this place: this side does not lead any more.</summary>
    Overtaken,

    /// <summary>The journal can't be reached.</summary>
    Away,
}
