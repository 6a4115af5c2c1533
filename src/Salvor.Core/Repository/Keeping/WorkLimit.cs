namespace Salvor.Repository.Keeping;

/// <summary>
/// A bound on the time between a look at the store and what is done on the strength of it: docs/formats/repository.md,
/// "Who writes when".
/// </summary>
/// <remarks>
/// The monotonic clock does not see the time for which a machine was suspended, and the other one may be set: whichever
/// saw more counts.
/// </remarks>
public sealed class WorkLimit(TimeProvider time, TimeSpan most)
{
    public static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    private readonly long _started = time.GetTimestamp();
    private readonly DateTimeOffset _begun = time.GetUtcNow();

    public bool IsOver
    {
        get
        {
            var steady = time.GetElapsedTime(_started);
            var wall = time.GetUtcNow() - _begun;
            return (steady > wall ? steady : wall) > most;
        }
    }
}
