namespace Salvor.Repository.Keeping;

/// <summary>What retention has to know of a snapshot.</summary>
/// <param name="Timeline">Its timeline.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Id">Its id.</param>
/// <param name="Taken">
/// When it was taken, by its writer's clock, but never later than <paramref name="Stored"/>: it says which hour or day
/// it stands for, also after a repository was copied.
/// </param>
/// <param name="Stored">When it was stored, by the store's clock: it says what the continuous window needs.</param>
/// <param name="IsVerified">Whether a check found it good.</param>
public sealed record KeepingSnapshot(
    TimelineId Timeline, long Revision, ObjectId Id, DateTimeOffset Taken, DateTimeOffset Stored, bool IsVerified)
    : IComparable<KeepingSnapshot>
{
    /// <summary>Whether its object could be read.</summary>
    public bool IsReadable { get; init; } = true;

    /// <summary>Oldest first: by timeline and revision, in the order of the names.</summary>
    public int CompareTo(KeepingSnapshot? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byTimeline = Timeline.Value.CompareTo(other.Timeline.Value);
        var byRevision = byTimeline != 0 ? byTimeline : Revision.CompareTo(other.Revision);
        return byRevision != 0 ? byRevision : string.CompareOrdinal(Id.Value, other.Id.Value);
    }

    public static bool operator <(KeepingSnapshot left, KeepingSnapshot right) => left.CompareTo(right) < 0;

    public static bool operator >(KeepingSnapshot left, KeepingSnapshot right) => left.CompareTo(right) > 0;

    public static bool operator <=(KeepingSnapshot left, KeepingSnapshot right) => left.CompareTo(right) <= 0;

    public static bool operator >=(KeepingSnapshot left, KeepingSnapshot right) => left.CompareTo(right) >= 0;
}
