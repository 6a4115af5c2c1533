namespace Salvor.Repository.Keeping;

/// <summary>Tells which snapshots of a timeline were checked, and found good, by their ids.</summary>
public delegate Task<IReadOnlySet<string>> VerifiedSnapshots(TimelineId timeline, CancellationToken ct);
