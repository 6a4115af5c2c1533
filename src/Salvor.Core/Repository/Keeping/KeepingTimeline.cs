namespace Salvor.Repository.Keeping;

/// <summary>What retention has to know of a timeline.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Begun">When it was begun, by the store's clock.</param>
/// <param name="Parent">The timeline that it forked from; null for none.</param>
/// <param name="ParentRevision">The parent's last revision that belongs to it.</param>
/// <param name="Log">The revisions that its log holds.</param>
public sealed record KeepingTimeline(
    TimelineId Id, DateTimeOffset Begun, TimelineId? Parent, long ParentRevision, LogCoverage Log);
