using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.Diagnosis;

/// <summary>A sign and what it must be.</summary>
public readonly record struct Clue(Sign Sign, Truth Truth)
{
    public static Clue Is(Sign sign) => new(sign, Truth.Yes);

    public static Clue Not(Sign sign) => new(sign, Truth.No);

    public bool IsMet(Observations seen) => seen[Sign].Truth == Truth;

    public bool IsUnknown(Observations seen) => seen[Sign].Truth == Truth.Unknown;
}
