using Amazon.EC2;
using Amazon.EC2.Model;
using Salvor.Cloud;
using Salvor.Errors;
using CloudAttachment = Salvor.Cloud.VolumeAttachment;
using CloudVolume = Salvor.Cloud.Volume;

namespace Salvor.Providers.Aws;

/// <summary>EBS's volumes, as EC2 describes them.</summary>
internal sealed class Ec2Volumes(AmazonEC2Client client, AwsCalls calls) : IVolumes
{
    public async Task<CloudVolume> DescribeAsync(VolumeId volume, CancellationToken ct)
    {
        var what = $"describe volume {volume}";
        var request = new DescribeVolumesRequest { VolumeIds = [volume.Value] };
        var answer = await calls.RunAsync(what, token => client.DescribeVolumesAsync(request, token), ct);
        return (answer.Volumes ?? []).Find(found => found.VolumeId == volume.Value) is { } told
            ? VolumeOf(volume, told)
            : throw new SalvorException(ErrorCode.CloudNotFound, $"Cannot {what}: the answer does not have it.")
            {
                Hint = AwsErrorCodes.HintOf(ErrorCode.CloudNotFound, said: null),
            };
    }

    public async Task<VolumeId> CreateAsync(VolumeOrder order, CancellationToken ct)
    {
        var request = new CreateVolumeRequest
        {
            ClientToken = order.Token,
            AvailabilityZone = order.Zone,
            Size = order.SizeGiB,
            VolumeType = order.Type,
            Encrypted = true,
            TagSpecifications =
            [
                new TagSpecification
                {
                    ResourceType = ResourceType.Volume,
                    Tags = [.. order.Tags.Select(tag => new Tag(tag.Key, tag.Value))],
                },
            ],
        };
        var what = $"create a volume of {order.SizeGiB} GiB in {order.Zone}";
        var answer = await calls.RunAsync(what, token => client.CreateVolumeAsync(request, token), ct);
        return answer.Volume?.VolumeId is { Length: > 0 } id
            ? new VolumeId(id)
            : throw new SalvorException(ErrorCode.CloudRefused, $"Cannot {what}: the answer names none.");
    }

    public Task AttachAsync(VolumeId volume, MachineId machine, string device, CancellationToken ct)
    {
        var request = new AttachVolumeRequest
        {
            VolumeId = volume.Value,
            InstanceId = machine.Value,
            Device = device,
        };
        return calls.RunAsync(
            $"attach volume {volume} to machine {machine} as {device}",
            token => client.AttachVolumeAsync(request, token), ct);
    }

    public Task SetDeleteOnTerminationAsync(MachineId machine, string device, bool deletes, CancellationToken ct)
    {
        var request = new ModifyInstanceAttributeRequest
        {
            InstanceId = machine.Value,
            BlockDeviceMappings =
            [
                new InstanceBlockDeviceMappingSpecification
                {
                    DeviceName = device,
                    Ebs = new EbsInstanceBlockDeviceSpecification { DeleteOnTermination = deletes },
                },
            ],
        };
        var then = deletes ? "end with it" : "outlive it";
        return calls.RunAsync(
            $"let {device} of machine {machine} {then}",
            token => client.ModifyInstanceAttributeAsync(request, token), ct);
    }

    private static CloudVolume VolumeOf(VolumeId id, Amazon.EC2.Model.Volume volume) => new()
    {
        Id = id,
        State = AwsWords.VolumeStateOf(volume.State?.Value),
        Zone = string.IsNullOrEmpty(volume.AvailabilityZone) ? null : volume.AvailabilityZone,
        SizeGiB = volume.Size,
        Type = volume.VolumeType?.Value,
        IsEncrypted = volume.Encrypted,
        Attachments = [.. (volume.Attachments ?? []).Select(attachment => new CloudAttachment(
            new MachineId(attachment.InstanceId ?? ""),
            string.IsNullOrEmpty(attachment.Device) ? null : attachment.Device,
            AwsWords.AttachmentStateOf(attachment.State?.Value),
            attachment.DeleteOnTermination))],
    };
}
