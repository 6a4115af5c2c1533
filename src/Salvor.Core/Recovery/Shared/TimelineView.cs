using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>The timelines of a repository, as far as they say who may go on.</summary>
/// <param name="Newest">
/// The newest that is in use: begun, or made active by a recovery. Null in an empty repository. Whoever works for an
/// older one has to stop.
/// </param>
/// <param name="IsBegun">Whether it has a beginning. One that is active and not begun is a recovery under way.</param>
/// <param name="Claim">What is stored of the one after it: claimed or withdrawn, and never active.</param>
public sealed record TimelineView(TimelineId? Newest, bool IsBegun, TimelineClaim? Claim)
{
    /// <summary>The only one that may be claimed.</summary>
    public TimelineId Next => Newest?.Next ?? new TimelineId(1);
}
