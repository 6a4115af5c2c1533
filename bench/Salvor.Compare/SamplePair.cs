namespace Salvor.Compare;

/// <summary>One run of each program, one right after the other.</summary>
public sealed record SamplePair(Sample Ours, Sample Theirs)
{
    /// <summary>Wall time, ours over theirs.</summary>
    public double Ratio => Ours.Wall / Theirs.Wall;
}
