namespace Salvor.Recovery.Gate;

/// <summary>A concern, in words.</summary>
/// <param name="Concern">Which.</param>
/// <param name="Text">What was seen, as a sentence.</param>
/// <param name="WayOut">What an operator does about it, as a sentence.</param>
public sealed record GateReason(GateConcern Concern, string Text, string WayOut);
