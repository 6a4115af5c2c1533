using Salvor.Simulation.Recovery.Model;

namespace Salvor.Simulation.Recovery;

/// <summary>What a run tries.</summary>
internal sealed record RunOptions
{
    public Safety Safety { get; init; } = new();

    /// <summary>How many faults there are, one after the other or at once.</summary>
    public int Faults { get; init; } = 6;

    /// <summary>Which faults there are; none means that each has its turn.</summary>
    public Fault[] Only { get; init; } = [];

    /// <summary>Makes more of one trouble than chance would; called once the run's own troubles are chosen.</summary>
    public Action<Scene>? Prepare { get; init; }

    /// <summary>For how long there is noise, and faults are begun.</summary>
    public TimeSpan Chaos { get; init; } = TimeSpan.FromHours(5);

    /// <summary>How long after it everything must be well again.</summary>
    public TimeSpan Bound { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Whether only small things happen, which nothing has to be done about.</summary>
    public bool IsOnlyNoise { get; init; }

    /// <summary>Whether the store does not keep its conditions.</summary>
    public bool StoreLies { get; init; }
}
