using System.Collections.Immutable;
using Salvor.Recovery.Engine;

namespace Salvor.Recovery.OnMachine.Certificates;

/// <summary>How a renewal ended.</summary>
/// <param name="Report">In words.</param>
/// <param name="ComponentsToRestart">
/// The static pods whose certificates are newer than an hour: they go on with the old ones until their containers are
/// stopped, and kubelet starts them anew. By the files' times, so that a renewal that was cut off before that names
/// them again.
/// </param>
public sealed record RenewalResult(StepReport Report, ImmutableArray<string> ComponentsToRestart);
