using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Tests.Recovery.Engine;

/// <summary>
/// A small table of causes and rungs, so that the engine's tests don't hang on the real ones' tuning.
/// </summary>
internal static class Sample
{
    /// <summary>Harmless, then harmful: 2 of 3 looks and 10 seconds. Its look-alike is a full disk.</summary>
    public static Cause Hung { get; } = new(CauseId.KubeletHung, "It hangs")
    {
        Required = [Clue.Not(Sign.KubeletHealthy)],
        Excluding = [Clue.Is(Sign.DiskFull)],
        Rungs = [Rung.RestartKubelet, Rung.Reboot],
        Patience = TimeSpan.FromSeconds(10),
    };

    /// <summary>After it, and at once.</summary>
    public static Cause Down { get; } = new(CauseId.EtcdDown, "It is down")
    {
        Required = [Clue.Not(Sign.EtcdRuns)],
        Rungs = [Rung.RemoveExitedContainer],
        Datapoints = 1,
        OutOf = 1,
    };

    public static Observations HangsAlone { get; } =
        Observations.None.With(Sign.KubeletHealthy, isSo: false).With(Sign.DiskFull, isSo: false)
            .With(Sign.NewerTimelineActive, isSo: false);

    public static Observations HangsPerhaps { get; } = Observations.None.With(Sign.KubeletHealthy, isSo: false);

    public static Observations IsDown { get; } = Observations.None.With(Sign.EtcdRuns, isSo: false);

    public static Observations IsWell { get; } = Observations.None
        .With(Sign.KubeletHealthy, isSo: true).With(Sign.DiskFull, isSo: false).With(Sign.EtcdRuns, isSo: true);

    public static ImmutableArray<RungRule> Rungs { get; } = [.. RungTable.Agent, .. RungTable.Guard];

    public static RecoverySettings Settings { get; } = new([Hung, Down], Rungs) { Mode = RecoveryMode.Automatic };

    public static RecoverySettings For(Cause cause, RecoveryMode mode = RecoveryMode.Automatic) =>
        new([cause], [.. Rungs.Select(rule => rule with { Mode = RecoveryMode.Automatic })]) { Mode = mode };

    /// <summary>A cause with one rung, seen when kubelet is not healthy, and at once.</summary>
    public static RecoverySettings For(Rung rung, RecoveryMode mode = RecoveryMode.Automatic) =>
        For(Hung with { Rungs = [rung], Excluding = [], Datapoints = 1, OutOf = 1, Patience = TimeSpan.Zero }, mode);
}
