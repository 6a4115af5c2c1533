using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Outside;

/// <summary>How long things take outside, of which a rehearsal makes less.</summary>
/// <param name="Scale">What a minute of the cloud takes, as a part of a minute: 1 but in a rehearsal.</param>
public sealed record GuardTimes(double Scale = 1)
{
    /// <summary>How often a guard looks.</summary>
    public TimeSpan LookEvery => Of(TimeSpan.FromSeconds(15));

    /// <summary>How long the endpoint has to answer. Not scaled: a network is not faster in a rehearsal.</summary>
    public TimeSpan ProbeLimit { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one look at the cloud or the repository may take.</summary>
    public TimeSpan LookLimit { get; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an agent, which beats every ten seconds, may be silent.</summary>
    public TimeSpan HeartbeatLimit { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How long what another guard saw counts.</summary>
    public TimeSpan ReportLimit { get; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a guard must be silent to count as one that is not there.</summary>
    public TimeSpan PeerGone { get; } = TimeSpan.FromMinutes(3);

    /// <summary>How long a leader may be without sight of the provider until it gives the lease back.</summary>
    public TimeSpan BlindLimit => Of(TimeSpan.FromMinutes(1));

    /// <summary>For how long a volume that was there must be unknown to the cloud until it counts as gone.</summary>
    public TimeSpan VolumeUnknown => Of(TimeSpan.FromMinutes(10));

    /// <summary>How often the cloud is asked while a step waits for it.</summary>
    public TimeSpan PollEvery => Of(TimeSpan.FromSeconds(5));

    /// <summary>How long a machine has to shut down until its power is cut, and once more until it is off.</summary>
    public TimeSpan StopLimit => Of(TimeSpan.FromMinutes(5));

    /// <summary>How long a machine that was started has until its control plane answers.</summary>
    public TimeSpan ReadyLimit => Of(TimeSpan.FromMinutes(15));

    public TimeSpan Of(TimeSpan time) => time * Scale;

    /// <summary>The causes with their patience in this scale.</summary>
    public ImmutableArray<Cause> Of(ImmutableArray<Cause> causes) =>
        [.. causes.Select(cause => cause with { Patience = Of(cause.Patience) })];

    /// <summary>The rungs with their waits in this scale. Budgets are as ever: they bound what is done.</summary>
    public ImmutableArray<RungRule> Of(ImmutableArray<RungRule> rungs) =>
        [.. rungs.Select(rule => rule with { CoolDown = Of(rule.CoolDown) })];
}
