using Salvor.Cloud;
using Salvor.Errors;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.Outside;

/// <summary>Asks the provider how machine and volume are.</summary>
/// <remarks>
/// An id that the cloud does not know proves nothing, since a description may lag. Only a volume that this guard has
/// seen before, and that stays unknown for long, counts as one that is not there any more.
/// </remarks>
internal sealed class CloudLook(
    GuardTarget target, Func<CancellationToken, Task<CloudPorts>> open, TimeProvider time)
{
    private bool _hasSeenVolume;
    private long? _volumeUnknownSince;

    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        using var clock = new CancellationTokenSource(target.Times.LookLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, ct);
        try
        {
            var cloud = await open(either.Token);
            var machine = await cloud.Machines.DescribeAsync(target.Machine, either.Token);
            var seen = OfMachine(machine).With(Sign.ProviderReachable, Truth.Yes);
            seen = seen.And(await OfChecksAsync(cloud, either.Token));
            return seen.And(await OfVolumeAsync(cloud, either.Token));
        }
        catch (SalvorException e)
        {
            // It answered, if only that it does not know the machine: then nothing is known of that.
            return Observations.None.With(Sign.ProviderReachable, e.Code == ErrorCode.CloudNotFound, e.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Observations.None.With(Sign.ProviderReachable, Truth.No, "it did not answer in time");
        }
    }

    internal static bool IsFenced(Machine machine) =>
        machine.Tags.TryGetValue(GuardTarget.FencedTag, out var value) && value.Length > 0;

    internal static Truth TruthOf(CheckStatus status) => status switch
    {
        CheckStatus.Impaired => Truth.Yes,
        CheckStatus.Ok or CheckStatus.Initializing or CheckStatus.NotApplicable => Truth.No,
        _ => Truth.Unknown,
    };

    private static Observations OfMachine(Machine machine)
    {
        var seen = Observations.None.With(
            Sign.MachineFenced, IsFenced(machine), machine.Tags.GetValueOrDefault(GuardTarget.FencedTag, ""));
        return machine.State == MachineState.Unknown
            ? seen
            : seen.With(Sign.MachineRuns, machine.State == MachineState.Running, $"it is {machine.State}")
                .With(Sign.MachineStopped, machine.State == MachineState.Stopped)
                .With(Sign.MachineTerminated, machine.State == MachineState.Terminated);
    }

    private async Task<Observations> OfChecksAsync(CloudPorts cloud, CancellationToken ct)
    {
        try
        {
            var checks = await cloud.Machines.CheckAsync(target.Machine, ct);
            return Observations.None
                .With(Sign.InstanceCheckFails, TruthOf(checks.Instance.Status), Since(checks.Instance))
                .With(Sign.SystemCheckFails, TruthOf(checks.System.Status), Since(checks.System));
        }
        catch (SalvorException)
        {
            return Observations.None; // The machine itself was described: only its checks are unknown.
        }
    }

    private async Task<Observations> OfVolumeAsync(CloudPorts cloud, CancellationToken ct)
    {
        if (target.EtcdVolume is not { } id)
        {
            return Observations.None;
        }

        try
        {
            var volume = await cloud.Volumes.DescribeAsync(id, ct);
            (_hasSeenVolume, _volumeUnknownSince) = (true, null);
            return OfVolume(volume);
        }
        catch (SalvorException e) when (e.Code == ErrorCode.CloudNotFound)
        {
            _volumeUnknownSince ??= time.GetTimestamp();
            var isGone = _hasSeenVolume
                && time.GetElapsedTime(_volumeUnknownSince.Value) >= target.Times.VolumeUnknown;
            return Observations.None.With(Sign.VolumeExists, isGone ? Truth.No : Truth.Unknown, e.Message);
        }
        catch (SalvorException)
        {
            return Observations.None;
        }
    }

    private Observations OfVolume(Volume volume)
    {
        var exists = volume.State switch
        {
            VolumeState.Unknown => Truth.Unknown,
            VolumeState.Deleting or VolumeState.Deleted or VolumeState.Failed => Truth.No,
            _ => Truth.Yes,
        };
        var attachment = volume.Attachments.FirstOrDefault(one => one.Machine == target.Machine);
        var attached = attachment?.State switch
        {
            null or AttachmentState.Detached => Truth.No,
            AttachmentState.Attached or AttachmentState.Busy => Truth.Yes,
            _ => Truth.Unknown,
        };
        return Observations.None
            .With(Sign.VolumeExists, exists, $"{volume.Id} is {volume.State}")
            .With(Sign.VolumeAttached, attached, attachment is null ? $"{volume.Id} is not at the machine" : "");
    }

    private static string Since(StatusCheck check) =>
        check.ImpairedSince is { } since ? $"{check.Status} since {since:HH:mm:ss}" : $"{check.Status}";
}
