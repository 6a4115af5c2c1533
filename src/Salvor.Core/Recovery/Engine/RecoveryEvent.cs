using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>What the engine is told. One of the kinds nested here.</summary>
/// <param name="At">When.</param>
public abstract record RecoveryEvent(Moment At)
{
    /// <summary>A look. Looks are the engine's clock, too: it does nothing between two of them but go on.</summary>
    public sealed record Looked(Moment At, Observations Seen) : RecoveryEvent(At);

    /// <summary>A step that was ordered has ended.</summary>
    public sealed record StepEnded(Moment At, StepOrder Order, StepReport Report) : RecoveryEvent(At);

    /// <summary>
    /// Somebody works on the cluster: nothing new is begun until <paramref name="Until"/>, or a resume.
    /// </summary>
    public sealed record Paused(Moment At, DateTimeOffset Until) : RecoveryEvent(At);

    public sealed record Resumed(Moment At) : RecoveryEvent(At);

    /// <summary>A person allows one rung for one cause, once.</summary>
    public sealed record Approved(Moment At, CauseId Cause, Rung Rung) : RecoveryEvent(At)
    {
        /// <summary>
        /// When the word was given, by uptime: a rung that was taken since has used it up, whoever took it.
        /// </summary>
        public TimeSpan GivenAt { get; init; } = At.Uptime;

        /// <summary>Until when it counts, by uptime: what was true when it was given may not be any more.</summary>
        public TimeSpan Until { get; init; } = At.Uptime + HoldsFor;

        /// <summary>For how long an approval counts.</summary>
        public static TimeSpan HoldsFor { get; } = TimeSpan.FromMinutes(10);
    }
}
