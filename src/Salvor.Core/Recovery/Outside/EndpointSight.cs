using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.Outside;

/// <summary>What one probe of the endpoint saw.</summary>
/// <param name="Accepts">Whether it takes connections, seen from here.</param>
/// <param name="Ready">Whether it says that it is ready.</param>
/// <param name="Detail">What it did instead.</param>
public readonly record struct EndpointSight(Truth Accepts, Truth Ready, string Detail);
