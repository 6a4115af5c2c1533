using Salvor.Cloud;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Outside;

/// <summary>Starts, reboots, stops and marks the machine, and waits for what comes of it.</summary>
/// <remarks>
/// Each looks first whether it is so already, and asks right before its order whether this guard still leads. What a
/// machine is is the provider's word alone: an order that was taken proves nothing, nor does an id that is not known.
/// </remarks>
internal sealed class PowerHands(
    GuardTarget target, CloudPorts cloud, Func<bool> isHeld, Func<CancellationToken, Task<Observations>> look,
    TimeProvider time)
{
    private static readonly StepReport NotLeading =
        StepReport.Failed("This guard does not lead any more: it orders nothing.");

    public async Task<StepReport> StartAsync(CancellationToken ct)
    {
        var machine = await DescribeAsync(ct);
        switch (machine.State)
        {
            case MachineState.Running or MachineState.Pending:
                return StepReport.Done($"It is {machine.State} already.");
            case MachineState.Terminated or MachineState.ShuttingDown:
                return StepReport.Refused($"{target.Machine} is {machine.State}: it never starts again.");
            case MachineState.Stopped when CloudLook.IsFenced(machine):
                return StepReport.Refused(
                    $"{target.Machine} is tagged {GuardTarget.FencedTag}: another control plane has its place.");
            case MachineState.Stopped when !isHeld():
                return NotLeading;
            case MachineState.Stopped:
                await cloud.Power.StartAsync(target.Machine, ct);
                return StepReport.Done("It was told to start.");
            default:
                return StepReport.Failed($"It is {machine.State}: it can't be started yet.");
        }
    }

    public async Task<StepReport> RebootAsync(CancellationToken ct)
    {
        // After a crash it is not known whether it was rebooted: then it may be well by now.
        if ((await look(ct))[Sign.EndpointReady].Truth == Truth.Yes)
        {
            return StepReport.Done("The endpoint is ready: nothing was rebooted.");
        }

        var machine = await DescribeAsync(ct);
        if (machine.State is MachineState.Stopped or MachineState.Terminated or MachineState.ShuttingDown)
        {
            return StepReport.Done($"It is {machine.State}: there is nothing to reboot.");
        }

        if (machine.State != MachineState.Running)
        {
            return StepReport.Failed($"It is {machine.State}: it can't be rebooted yet.");
        }

        if (!isHeld())
        {
            return NotLeading;
        }

        await cloud.Power.RebootAsync(target.Machine, ct);
        return StepReport.Done("It was told to reboot.");
    }

    public async Task<StepReport> StopAsync(CancellationToken ct)
    {
        var machine = await DescribeAsync(ct);
        if (machine.State is not (MachineState.Running or MachineState.Pending))
        {
            return machine.State == MachineState.Unknown
                ? StepReport.Failed("The provider does not say what it is doing.")
                : StepReport.Done($"It is {machine.State}.");
        }

        if (!isHeld())
        {
            return NotLeading;
        }

        await cloud.Power.StopAsync(target.Machine, cutsPower: false, ct);
        return StepReport.Done("It was told to stop.");
    }

    /// <summary>Waits for the provider's word. A machine that takes too long to shut down loses its power.</summary>
    public async Task<StepReport> ConfirmStoppedAsync(CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var isCut = false;
        while (true)
        {
            var machine = await DescribeAsync(ct);
            if (machine.State is MachineState.Stopped or MachineState.Terminated)
            {
                return StepReport.Done($"The provider says that it is {machine.State}.", Proof.Stopped);
            }

            var passed = time.GetElapsedTime(start);
            if (passed >= target.Times.StopLimit * 2)
            {
                return StepReport.Failed($"After {passed.TotalMinutes:0.#} minutes it is {machine.State}.");
            }

            if (passed >= target.Times.StopLimit && !isCut && machine.State != MachineState.ShuttingDown)
            {
                if (!isHeld())
                {
                    return NotLeading;
                }

                await cloud.Power.StopAsync(target.Machine, cutsPower: true, ct);
                isCut = true;
            }

            await Task.Delay(target.Times.PollEvery, time, ct);
        }
    }

    /// <summary>
    /// Waits until the machine runs and the endpoint is ready. One that does not get there in time is left to the next
    /// rung: waiting longer would keep it from being taken.
    /// </summary>
    public async Task<StepReport> AwaitAsync(CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var wasOn = false;
        while (true)
        {
            var seen = await look(ct);
            var passed = time.GetElapsedTime(start);
            if (seen[Sign.EndpointReady].Truth == Truth.Yes)
            {
                return StepReport.Done($"The endpoint is ready after {passed.TotalSeconds:0} s.");
            }

            // Anonymous questions may be off: then checks that pass and a port that answers are all there is to see.
            var answers = seen[Sign.EndpointReady].Truth == Truth.Unknown
                && seen[Sign.EndpointAccepts].Truth == Truth.Yes && seen[Sign.MachineRuns].Truth == Truth.Yes
                && seen[Sign.InstanceCheckFails].Truth == Truth.No;
            if (answers)
            {
                return StepReport.Done($"The machine runs, and its endpoint answers, after {passed.TotalSeconds:0} s.");
            }

            wasOn |= seen[Sign.MachineRuns].Truth == Truth.Yes;
            var isOff = wasOn && (seen[Sign.MachineStopped].Truth == Truth.Yes
                || seen[Sign.MachineTerminated].Truth == Truth.Yes);
            if (isOff || passed >= target.Times.ReadyLimit)
            {
                return StepReport.Done($"After {passed.TotalMinutes:0.#} minutes the endpoint is not ready: "
                    + seen[Sign.EndpointReady].Detail + ".");
            }
        }
    }

    public async Task<StepReport> FenceAsync(string plan, CancellationToken ct)
    {
        if (CloudLook.IsFenced(await DescribeAsync(ct)))
        {
            return StepReport.Done("It is tagged already.", Proof.CutOff);
        }

        if (!isHeld())
        {
            return NotLeading;
        }

        await cloud.Power.SetTagAsync(target.Machine, GuardTarget.FencedTag, plan, ct);
        return StepReport.Done($"It is tagged {GuardTarget.FencedTag}={plan}.", Proof.CutOff);
    }

    public async Task<StepReport> UnfenceAsync(string plan, CancellationToken ct)
    {
        var tag = (await DescribeAsync(ct)).Tags.GetValueOrDefault(GuardTarget.FencedTag, "");
        if (tag.Length == 0)
        {
            return StepReport.Done("It is not tagged.");
        }

        if (tag != plan)
        {
            return StepReport.Refused($"The tag is not this plan's: {GuardTarget.FencedTag}={tag}.");
        }

        if (!isHeld())
        {
            return NotLeading;
        }

        await cloud.Power.SetTagAsync(target.Machine, GuardTarget.FencedTag, "", ct);
        return StepReport.Done("It is not tagged any more.");
    }

    public async Task<StepReport> AttachAsync(CancellationToken ct)
    {
        if (target is not { EtcdVolume: { } id, EtcdDevice: { } device })
        {
            return StepReport.Refused("recovery.guard.etcdVolume and etcdDevice do not say what goes where.");
        }

        var volume = await cloud.Volumes.DescribeAsync(id, ct);
        var holders = volume.Attachments.Where(one => one.State != AttachmentState.Detached).ToList();
        if (holders.Find(one => one.Machine != target.Machine) is { } other)
        {
            return StepReport.Refused($"{id} is at {other.Machine}: nobody takes it from there.");
        }

        if (holders is [{ State: AttachmentState.Attached or AttachmentState.Attaching or AttachmentState.Busy }, ..])
        {
            return StepReport.Done($"{id} is {holders[0].State}.");
        }

        if (holders.Count > 0 || volume.State != VolumeState.Available)
        {
            return StepReport.Failed($"{id} is {volume.State}: it can't be attached yet.");
        }

        if (!isHeld())
        {
            return NotLeading;
        }

        await cloud.Volumes.AttachAsync(id, target.Machine, device, ct);
        return StepReport.Done($"{id} goes to {target.Machine} as {device}.");
    }

    private Task<Machine> DescribeAsync(CancellationToken ct) => cloud.Machines.DescribeAsync(target.Machine, ct);
}
