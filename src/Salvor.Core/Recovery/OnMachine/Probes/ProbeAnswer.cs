using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.OnMachine.Probes;

/// <summary>What a server said to a question over HTTP.</summary>
/// <param name="Accepts">Whether it took the connection.</param>
/// <param name="IsOk">Whether it answered 200; unknown where it answered that we may not ask.</param>
/// <param name="Detail">What it said instead.</param>
public readonly record struct ProbeAnswer(Truth Accepts, Truth IsOk, string Detail);
