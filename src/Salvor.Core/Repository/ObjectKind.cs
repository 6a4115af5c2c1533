namespace Salvor.Repository;

/// <summary>What a sealed object holds. The numbers are part of the format.</summary>
public enum ObjectKind : byte
{
    Pack = 1,
    Snapshot = 2,
    Segment = 3,
    Kit = 4,
    Timeline = 5,
    Check = 6,
    PrunePlan = 7,

    /// <summary>What guards and agents share: everything under <c>recovery/</c>.</summary>
    Recovery = 8,
}
