namespace Salvor.Recovery.Shared;

/// <summary>What a look at a heartbeat showed.</summary>
/// <param name="Beat">The newest beat; null where there is none.</param>
/// <param name="Silence">
/// For how long it is proven, by the looker's own clock, that no newer beat was stored. Zero at a change, and at the
/// first look: how old a beat was by then nobody can tell.
/// </param>
/// <param name="HasChanged">Whether this look saw a newer beat than the one before: its owner lived meanwhile.</param>
public sealed record HeartbeatSight(Heartbeat? Beat, TimeSpan Silence, bool HasChanged);
