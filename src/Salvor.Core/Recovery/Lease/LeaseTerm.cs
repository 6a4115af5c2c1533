namespace Salvor.Recovery.Lease;

/// <summary>The time from the start of a write for which its writer may count on it.</summary>
/// <remarks>
/// The monotonic clock does not see the time for which a machine was suspended, and the other one may be set: whichever
/// saw more counts. So a clock that is set can only end a lease early.
/// </remarks>
internal sealed class LeaseTerm(TimeProvider time, TimeSpan duration, bool countsSleep)
{
    private readonly long _started = time.GetTimestamp();
    private readonly DateTimeOffset _begun = time.GetUtcNow();

    /// <summary>Zero when it is over.</summary>
    public TimeSpan Left
    {
        get
        {
            var steady = time.GetElapsedTime(_started);
            var wall = countsSleep ? time.GetUtcNow() - _begun : TimeSpan.Zero;
            var left = duration - (steady > wall ? steady : wall);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public bool IsOver => Left == TimeSpan.Zero;
}
