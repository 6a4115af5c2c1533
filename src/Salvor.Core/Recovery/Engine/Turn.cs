using System.Collections.Immutable;

namespace Salvor.Recovery.Engine;

/// <summary>The engine's answer to an event.</summary>
public sealed record Turn(EngineState State, ImmutableArray<Effect> Effects)
{
    public Turn(EngineState state) : this(state, [])
    {
    }
}
