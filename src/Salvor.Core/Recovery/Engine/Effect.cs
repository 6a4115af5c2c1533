namespace Salvor.Recovery.Engine;

/// <summary>What the engine wants done, in order. One of the kinds nested here.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>Journal this, durably, before anything that comes after it.</summary>
    public sealed record Write(JournalEntry Entry) : Effect;

    /// <summary>Do this, and tell how it ended.</summary>
    public sealed record Take(StepOrder Order) : Effect;
}
