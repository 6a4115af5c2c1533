using Salvor.Lab.Machines;

namespace Salvor.Lab;

/// <summary>What a lab is to be.</summary>
/// <param name="Image">What its machines are made of.</param>
public sealed record LabSettings(MachineImage Image)
{
    /// <summary>How much shorter the cloud's durations are: at 10, its minute takes six seconds.</summary>
    public double Scale { get; init; } = 10;

    /// <summary>The program that serves S3 on a port and an address; null for a region without a store.</summary>
    public string? Store { get; init; }
}
