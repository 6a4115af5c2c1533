using Salvor.Repository;

namespace Salvor.Backup;

/// <summary>Where a timeline left another one.</summary>
internal sealed record ForkPoint(TimelineId Timeline, long Revision);
