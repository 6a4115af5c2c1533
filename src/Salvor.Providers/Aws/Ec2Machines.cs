using Amazon.EC2;
using Amazon.EC2.Model;
using Salvor.Cloud;
using Salvor.Errors;

namespace Salvor.Providers.Aws;

/// <summary>Machines as EC2 describes them.</summary>
internal sealed class Ec2Machines(AmazonEC2Client client, AwsCalls calls) : IMachineStates
{
    public async Task<Machine> DescribeAsync(MachineId machine, CancellationToken ct)
    {
        var what = $"describe machine {machine}";
        var request = new DescribeInstancesRequest { InstanceIds = [machine.Value] };
        var answer = await calls.RunAsync(what, token => client.DescribeInstancesAsync(request, token), ct);
        var found = (answer.Reservations ?? [])
            .SelectMany(reservation => reservation.Instances ?? [])
            .FirstOrDefault(instance => instance.InstanceId == machine.Value);
        return found is null ? throw NotTold(what) : MachineOf(machine, found);
    }

    public async Task<MachineChecks> CheckAsync(MachineId machine, CancellationToken ct)
    {
        var what = $"ask for the status checks of machine {machine}";
        // Without it, a machine that is off would be left out, as if there were none.
        var request = new DescribeInstanceStatusRequest { InstanceIds = [machine.Value], IncludeAllInstances = true };
        var answer = await calls.RunAsync(what, token => client.DescribeInstanceStatusAsync(request, token), ct);
        var found = (answer.InstanceStatuses ?? []).Find(status => status.InstanceId == machine.Value);
        return found is null
            ? throw NotTold(what)
            : new MachineChecks(
                AwsWords.MachineStateOf(found.InstanceState?.Name?.Value),
                CheckOf(found.SystemStatus),
                CheckOf(found.Status));
    }

    private static SalvorException NotTold(string what) =>
        new(ErrorCode.CloudNotFound, $"Cannot {what}: the answer does not have it.")
        {
            Hint = AwsErrorCodes.HintOf(ErrorCode.CloudNotFound, said: null),
        };

    private static Machine MachineOf(MachineId id, Instance instance) => new()
    {
        Id = id,
        State = AwsWords.MachineStateOf(instance.State?.Name?.Value),
        Zone = NullIfEmpty(instance.Placement?.AvailabilityZone),
        Type = NullIfEmpty(instance.InstanceType?.Value),
        LaunchedAt = AwsWords.TimeOf(instance.LaunchTime),
        PrivateAddress = NullIfEmpty(instance.PrivateIpAddress),
        PublicAddress = NullIfEmpty(instance.PublicIpAddress),
        RootDevice = NullIfEmpty(instance.RootDeviceName),
        Disks = [.. (instance.BlockDeviceMappings ?? [])
            .Where(mapping => !string.IsNullOrEmpty(mapping.Ebs?.VolumeId))
            .Select(mapping => new MachineDisk(
                mapping.DeviceName ?? "", new VolumeId(mapping.Ebs.VolumeId), mapping.Ebs.DeleteOnTermination))],
        AutomaticRecovery = AwsWords.RecoveryOf(instance.MaintenanceOptions?.AutoRecovery?.Value),
        Tags = (instance.Tags ?? []).DistinctBy(tag => tag.Key).ToDictionary(tag => tag.Key, tag => tag.Value ?? ""),
    };

    private static StatusCheck CheckOf(InstanceStatusSummary? summary) => summary is null
        ? StatusCheck.Unknown
        : new StatusCheck(
            AwsWords.CheckStatusOf(summary.Status?.Value),
            [.. (summary.Details ?? []).Select(detail => new StatusCheckDetail(
                detail.Name?.Value ?? "", detail.Status?.Value ?? "", AwsWords.TimeOf(detail.ImpairedSince)))]);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
