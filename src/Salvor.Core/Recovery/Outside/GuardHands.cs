using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Recovery.Outside;

/// <summary>Does what can be done from outside.</summary>
/// <remarks>
/// Making another machine, and another volume, is not among it yet. Plans that need one are refused at their first
/// step, before they have done anything.
/// </remarks>
public sealed class GuardHands : IHands
{
    private readonly GuardTarget _target;
    private readonly Func<CancellationToken, Task<CloudPorts>> _cloud;
    private readonly Func<CancellationToken, Task<OpenRepository>> _repository;
    private readonly Func<bool> _isHeld;
    private readonly Func<CancellationToken, Task<Observations>> _look;
    private readonly TimeProvider _time;

    /// <param name="target">What is guarded.</param>
    /// <param name="cloud">Opens the cloud.</param>
    /// <param name="repository">Opens the repository.</param>
    /// <param name="isHeld">Whether this guard holds the lease, asked right before each order.</param>
    /// <param name="look">A look that begins after the call.</param>
    /// <param name="time">The clock.</param>
    public GuardHands(
        GuardTarget target, Func<CancellationToken, Task<CloudPorts>> cloud,
        Func<CancellationToken, Task<OpenRepository>> repository, Func<bool> isHeld,
        Func<CancellationToken, Task<Observations>> look, TimeProvider time)
    {
        _target = target;
        _cloud = cloud;
        _repository = repository;
        _isHeld = isHeld;
        _look = look;
        _time = time;
    }

    public async Task<StepReport> DoAsync(StepOrder order, CancellationToken ct)
    {
        if (!_isHeld())
        {
            return StepReport.Failed("This guard does not lead any more: it does nothing.");
        }

        if (WhyNot(order) is { } reason)
        {
            return StepReport.Refused(reason);
        }

        var cloud = await _cloud(ct);
        var power = new PowerHands(_target, cloud, _isHeld, _look, _time);
        return order.Step switch
        {
            StepKind.StartMachine => await power.StartAsync(ct),
            StepKind.RebootMachine => await power.RebootAsync(ct),
            StepKind.StopMachine => await power.StopAsync(ct),
            StepKind.ConfirmStopped => await power.ConfirmStoppedAsync(ct),
            StepKind.AwaitMachine => await power.AwaitAsync(ct),
            StepKind.FenceMachine => await power.FenceAsync(order.PlanId, ct),
            StepKind.UnfenceMachine => await power.UnfenceAsync(order.PlanId, ct),
            StepKind.AttachVolume => await power.AttachAsync(ct),
            StepKind.DisableAlarms => await (await AlarmsAsync(cloud, ct)).SilenceAsync(ct),
            StepKind.EnableAlarms => await (await AlarmsAsync(cloud, ct)).LetActAsync(ct),
            StepKind.VerifyBackup => await new BackupProof(await _repository(ct), _time).VerifyAsync(ct),
            // Nothing was claimed, since a claim is refused.
            StepKind.WithdrawClaim => StepReport.Done("Nothing was claimed."),
            _ => StepReport.Refused($"A guard does no {order.Step}."),
        };
    }

    /// <summary>Why a step is not done: it is the first of a plan whose later ones nobody can do.</summary>
    private static string? WhyNot(StepOrder order) => order switch
    {
        { Step: StepKind.ClaimTimeline or StepKind.ActivateTimeline or StepKind.LaunchMachine } =>
            "This version makes no machine. Make one, and restore the kit and the data on it: "
                + "docs/operations/recover-a-kubeadm-node.md.",
        { Step: StepKind.RebuildVolume } or { Rung: Rung.RebuildVolume, Step: StepKind.DisableAlarms } =>
            "This version makes no volume. Make and attach one with salvor protect --etcd-volume, and restore onto it.",
        _ => null,
    };

    private async Task<AlarmHands> AlarmsAsync(CloudPorts cloud, CancellationToken ct) =>
        new(_target, cloud.Alarms, new StoreJson(await _repository(ct)), _time);
}
