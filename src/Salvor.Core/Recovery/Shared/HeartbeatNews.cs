using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>What the next beat says besides that there is one.</summary>
/// <param name="State">How the machine is.</param>
/// <param name="Summary">What is going on, for people; what is too long is cut.</param>
/// <param name="Timeline">The timeline that the owner works for; null where it does not know one yet.</param>
public sealed record HeartbeatNews(HeartbeatState State, string Summary, TimelineId? Timeline);
