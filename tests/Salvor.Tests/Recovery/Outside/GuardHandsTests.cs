using Salvor.Cloud;
using Salvor.Errors;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Tests.Recovery.Outside;

/// <summary>Each step may be done twice, does nothing without the lease, and takes only the provider's word.</summary>
public sealed class GuardHandsTests
{
    private const string Reboots = "arn:aws:automate:eu-central-1:ec2:reboot";

    private readonly HandsBench _bench = new();

    private OutsideCloud Cloud => _bench.Cloud;

    [Theory]
    [InlineData(StepKind.StartMachine, MachineState.Stopped)]
    [InlineData(StepKind.RebootMachine, MachineState.Running)]
    [InlineData(StepKind.StopMachine, MachineState.Running)]
    [InlineData(StepKind.FenceMachine, MachineState.Running)]
    [InlineData(StepKind.AttachVolume, MachineState.Running)]
    [InlineData(StepKind.DisableAlarms, MachineState.Running)]
    public async Task Nothing_is_ordered_without_the_lease(StepKind step, MachineState state)
    {
        Cloud.State = state;
        Cloud.Volume = new Volume { Id = OutsideCloud.EtcdVolume, State = VolumeState.Available };
        Cloud.Alarms["salvor-prod-reboot"] = OutsideCloud.Alarm("salvor-prod-reboot", Reboots);
        _bench.IsHeld = false;

        var without = await _bench.DoAsync(step);
        Assert.Equal(StepResult.Failed, without.Result);
        Assert.Empty(Cloud.Orders);

        _bench.IsHeld = true;
        Assert.Equal(StepResult.Done, (await _bench.DoAsync(step)).Result);
        Assert.Single(Cloud.Orders);
    }

    [Theory]
    [InlineData(StepKind.StartMachine, MachineState.Stopped, "start")]
    [InlineData(StepKind.StopMachine, MachineState.Running, "stop")]
    [InlineData(StepKind.FenceMachine, MachineState.Running, "tag salvor-fenced=plan-1")]
    public async Task What_is_done_twice_is_ordered_once(StepKind step, MachineState state, string order)
    {
        Cloud.State = state;
        Assert.Equal(StepResult.Done, (await _bench.DoAsync(step)).Result);
        Assert.Equal(StepResult.Done, (await _bench.DoAsync(step)).Result);
        Assert.Equal([order], Cloud.Orders);
    }

    [Theory]
    [InlineData(MachineState.Stopping, StepResult.Failed)]
    [InlineData(MachineState.Unknown, StepResult.Failed)]
    [InlineData(MachineState.Terminated, StepResult.Refused)]
    [InlineData(MachineState.ShuttingDown, StepResult.Refused)]
    public async Task Only_a_stopped_machine_is_started(MachineState state, StepResult result)
    {
        Cloud.State = state;
        Assert.Equal(result, (await _bench.DoAsync(StepKind.StartMachine)).Result);
        Assert.Empty(Cloud.Orders);
    }

    [Fact]
    public async Task A_fenced_machine_is_never_started_and_only_its_own_plan_takes_the_tag_away()
    {
        await _bench.DoAsync(StepKind.FenceMachine, Rung.Reprovision);
        Cloud.State = MachineState.Stopped;
        Assert.Equal(StepResult.Refused, (await _bench.DoAsync(StepKind.StartMachine)).Result);
        Assert.Equal(StepResult.Refused,
            (await _bench.DoAsync(StepKind.UnfenceMachine, Rung.Reprovision, "another")).Result);
        Assert.Equal(StepResult.Done, (await _bench.DoAsync(StepKind.UnfenceMachine, Rung.Reprovision)).Result);
        Assert.Equal(StepResult.Done, (await _bench.DoAsync(StepKind.UnfenceMachine, Rung.Reprovision)).Result);
        Assert.Equal(StepResult.Done, (await _bench.DoAsync(StepKind.StartMachine)).Result);
        Assert.Equal(["tag salvor-fenced=plan-1", "tag salvor-fenced=", "start"], Cloud.Orders);
    }

    [Fact]
    public async Task A_machine_that_is_well_again_is_not_rebooted()
    {
        _bench.Seen = () => Observations.None.With(Sign.EndpointReady, Truth.Yes);
        Assert.Equal(StepResult.Done, (await _bench.DoAsync(StepKind.RebootMachine)).Result);
        Assert.Empty(Cloud.Orders);
    }

    [Fact]
    public async Task Stopped_is_proven_by_the_providers_word_alone()
    {
        Cloud.State = MachineState.Stopped;
        var stopped = await _bench.DoAsync(StepKind.ConfirmStopped);
        Assert.Equal((StepResult.Done, Proof.Stopped), (stopped.Result, stopped.Proofs));

        foreach (var failure in (ErrorCode[])[ErrorCode.CloudNotFound, ErrorCode.CloudUnreachable])
        {
            Cloud.Fails = failure;
            await Assert.ThrowsAsync<SalvorException>(() => _bench.DoAsync(StepKind.ConfirmStopped));
        }
    }

    [Fact]
    public async Task A_machine_that_does_not_shut_down_loses_its_power()
    {
        Cloud.Obeys = false;
        await _bench.DoAsync(StepKind.StopMachine);
        var stopped = await _bench.DoAsync(StepKind.ConfirmStopped);
        Assert.Equal((StepResult.Done, Proof.Stopped), (stopped.Result, stopped.Proofs));
        Assert.Equal(["stop", "cut"], Cloud.Orders);
        Assert.InRange(_bench.Time.Elapsed.TotalMinutes, 5, 6);
    }

    [Fact]
    public async Task Stopping_proves_nothing_however_long_it_lasts()
    {
        Cloud.State = MachineState.ShuttingDown;
        var report = await _bench.DoAsync(StepKind.ConfirmStopped);
        Assert.Equal((StepResult.Failed, Proof.None), (report.Result, report.Proofs));
    }

    [Fact]
    public async Task Just_those_alarms_act_again_that_acted_before()
    {
        Cloud.Alarms["salvor-prod-reboot"] = OutsideCloud.Alarm("salvor-prod-reboot", Reboots);
        Cloud.Alarms["salvor-prod-recover"] = OutsideCloud.Alarm("salvor-prod-recover", Reboots, isEnabled: false);
        Cloud.Alarms["tells"] = OutsideCloud.Alarm("tells", "arn:aws:sns:eu-central-1:1:people");

        await _bench.DoAsync(StepKind.DisableAlarms);
        // A crash, and another guard does it again: it finds none that acts, and forgets none that did.
        await _bench.DoAsync(StepKind.DisableAlarms);
        Assert.False(Cloud.Alarms["salvor-prod-reboot"].ActionsEnabled);
        Assert.True(Cloud.Alarms["tells"].ActionsEnabled);

        await _bench.DoAsync(StepKind.EnableAlarms);
        await _bench.DoAsync(StepKind.EnableAlarms);
        Assert.Equal(["disable salvor-prod-reboot", "enable salvor-prod-reboot"], Cloud.Orders);
        Assert.False(Cloud.Alarms["salvor-prod-recover"].ActionsEnabled);
    }

    [Fact]
    public async Task An_alarm_that_is_gone_meanwhile_does_not_keep_the_others_silent()
    {
        Cloud.Alarms["salvor-prod-a"] = OutsideCloud.Alarm("salvor-prod-a", Reboots);
        Cloud.Alarms["salvor-prod-b"] = OutsideCloud.Alarm("salvor-prod-b", Reboots);
        await _bench.DoAsync(StepKind.DisableAlarms);
        Cloud.Alarms.Remove("salvor-prod-a");
        Assert.Equal(StepResult.Done, (await _bench.DoAsync(StepKind.EnableAlarms)).Result);
        Assert.True(Cloud.Alarms["salvor-prod-b"].ActionsEnabled);
    }

    [Fact]
    public async Task A_strangers_alarm_that_may_not_be_silenced_is_named_and_one_of_ours_fails()
    {
        Cloud.Alarms["strange"] = OutsideCloud.Alarm("strange", Reboots);
        Cloud.Forbidden.Add("strange");
        var report = await _bench.DoAsync(StepKind.DisableAlarms);
        Assert.Equal(StepResult.Done, report.Result);
        Assert.Contains("not allowed: strange", report.Detail, StringComparison.Ordinal);

        Cloud.Alarms["salvor-prod-reboot"] = OutsideCloud.Alarm("salvor-prod-reboot", Reboots);
        Cloud.Forbidden.Add("salvor-prod-reboot");
        var e = await Assert.ThrowsAsync<SalvorException>(() => _bench.DoAsync(StepKind.DisableAlarms));
        Assert.Equal(ErrorCode.CloudDenied, e.Code);
    }

    [Fact]
    public async Task A_volume_is_attached_from_nobody_and_never_taken_from_somebody()
    {
        Cloud.Volume = new Volume { Id = OutsideCloud.EtcdVolume, State = VolumeState.Available };
        Assert.Equal(StepResult.Done, (await _bench.DoAsync(StepKind.AttachVolume)).Result);
        Assert.Equal(StepResult.Done, (await _bench.DoAsync(StepKind.AttachVolume)).Result);
        Assert.Equal(["attach vol-etcd /dev/sdf"], Cloud.Orders);

        Cloud.Volume = OutsideCloud.Attached(AttachmentState.Detaching);
        Assert.Equal(StepResult.Failed, (await _bench.DoAsync(StepKind.AttachVolume)).Result);
        Cloud.Volume = Cloud.Volume with
        {
            Attachments = [new VolumeAttachment(new MachineId("i-2"), "/dev/sdf", AttachmentState.Attached, false)],
        };
        Assert.Equal(StepResult.Refused, (await _bench.DoAsync(StepKind.AttachVolume)).Result);
        Assert.Single(Cloud.Orders);
        Assert.Equal(StepResult.Refused, (await new HandsBench(device: null).DoAsync(StepKind.AttachVolume)).Result);
    }

    [Fact]
    public async Task Nothing_is_risked_on_a_repository_without_a_verified_snapshot() =>
        Assert.Equal(StepResult.Refused, (await _bench.DoAsync(StepKind.VerifyBackup)).Result);

    [Theory]
    [InlineData(StepKind.ClaimTimeline, Rung.Reprovision)]
    [InlineData(StepKind.LaunchMachine, Rung.Reprovision)]
    [InlineData(StepKind.ActivateTimeline, Rung.Reprovision)]
    [InlineData(StepKind.DisableAlarms, Rung.RebuildVolume)]
    [InlineData(StepKind.RebuildVolume, Rung.RebuildVolume)]
    [InlineData(StepKind.RestartKubelet, Rung.RestartKubelet)]
    public async Task What_this_version_cannot_do_is_refused_before_anything_is_done(StepKind step, Rung rung)
    {
        Cloud.Alarms["salvor-prod-reboot"] = OutsideCloud.Alarm("salvor-prod-reboot", Reboots);
        var report = await _bench.DoAsync(step, rung);
        Assert.Equal(StepResult.Refused, report.Result);
        Assert.NotEmpty(report.Detail);
        Assert.Empty(Cloud.Orders);
    }

    [Fact]
    public async Task Waiting_for_a_machine_ends_when_it_is_well_and_when_it_does_not_get_well()
    {
        var looks = 0;
        _bench.Seen = () => Observations.None.With(Sign.MachineRuns, Truth.Yes)
            .With(Sign.EndpointReady, ++looks < 4 ? Truth.No : Truth.Yes);
        Assert.Contains("is ready", (await _bench.DoAsync(StepKind.AwaitMachine)).Detail, StringComparison.Ordinal);

        _bench.Seen = () => Observations.None.With(Sign.MachineRuns, Truth.Yes).With(Sign.EndpointReady, Truth.No);
        var report = await _bench.DoAsync(StepKind.AwaitMachine);
        Assert.Equal(StepResult.Done, report.Result);
        Assert.Contains("is not ready", report.Detail, StringComparison.Ordinal);
    }
}
