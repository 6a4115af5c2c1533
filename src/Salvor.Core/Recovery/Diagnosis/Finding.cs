using System.Collections.Immutable;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.Diagnosis;

/// <summary>A cause that a look speaks for.</summary>
/// <param name="Cause">What is wrong.</param>
/// <param name="Certainty">How well it is told from its look-alikes.</param>
/// <param name="Evidence">What was seen for it, a sentence each.</param>
/// <param name="Unseen">What would tell it from a look-alike, and could not be seen.</param>
public sealed record Finding(
    Cause Cause, Certainty Certainty, ImmutableArray<string> Evidence, ImmutableArray<Sign> Unseen);
