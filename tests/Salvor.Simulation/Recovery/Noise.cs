namespace Salvor.Simulation.Recovery;

/// <summary>How often a probe has no answer.</summary>
internal sealed class Noise(Random random)
{
    public double Rate { get; set; }

    public bool Loses() => Rate > 0 && random.NextDouble() < Rate;
}
