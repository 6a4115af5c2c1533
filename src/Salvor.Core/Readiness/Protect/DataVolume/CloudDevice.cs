using Salvor.Cloud;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Readiness.Protect.InCloud;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>A volume of the machine's cloud: one that is named, or a new one.</summary>
/// <param name="machine">Whose devices.</param>
/// <param name="record">Remembers an order, so that a crash does not lead to a second volume.</param>
/// <param name="target">Reaches the machine in its cloud.</param>
/// <param name="named">The volume; null for a new one.</param>
/// <param name="cluster">The cluster's name, for a new one's tags.</param>
/// <param name="entropy">For the order's token.</param>
/// <param name="time">For waits.</param>
public sealed class CloudDevice(
    NodeFiles machine, ProtectionRecord record, Func<CancellationToken, Task<CloudTarget>> target, VolumeId? named,
    string cluster, IEntropy entropy, TimeProvider time) : IVolumeSource
{
    private const string OrderItem = "etcd-volume-order";
    private const string Token = "token";
    private const string Ordered = "volume";
    private const string NewType = "gp3";
    private const int NewSizeGiB = 20;

    private static readonly TimeSpan WaitLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public async Task<string> LookAsync(CancellationToken ct)
    {
        var cloud = await target(ct);
        var here = await cloud.Machines.DescribeAsync(cloud.Machine, ct);
        if (named is null && record.Of(OrderItem).GetValueOrDefault(Ordered) is { } ordered)
        {
            return $"{ordered}, which an earlier run ordered";
        }

        if (named is not { } id)
        {
            return $"a new volume ({NewSizeGiB} GiB, {NewType}, encrypted) in {ZoneOf(here)}";
        }

        var volume = await cloud.Volumes.DescribeAsync(id, ct);
        RequireUsable(volume, cloud.Machine, here);
        return $"{id} ({volume.SizeGiB} GiB, {volume.Type})";
    }

    public async Task<string> ProvideAsync(CancellationToken ct)
    {
        var cloud = await target(ct);
        var here = await cloud.Machines.DescribeAsync(cloud.Machine, ct);
        var id = named ?? await OrderAsync(cloud, here, ct);
        var volume = await WaitAsync(cloud, id, v => v.State is VolumeState.Available or VolumeState.InUse, ct);
        if (named is null && volume.State is (VolumeState.Failed or VolumeState.Deleted))
        {
            record.Forget(OrderItem);
        }

        RequireUsable(volume, cloud.Machine, here);
        if (volume.Attachments.Count == 0)
        {
            await cloud.Volumes.AttachAsync(id, cloud.Machine, FreeDevice(here), ct);
            volume = await WaitAsync(
                cloud, id, v => v.Attachments.Any(a => a.State == AttachmentState.Attached), ct);
        }

        var attached = volume.Attachments[0];
        if (attached.DeletesOnTermination != false && attached.Device is { } name)
        {
            await cloud.Volumes.SetDeleteOnTerminationAsync(cloud.Machine, name, deletes: false, ct);
        }

        return await FindAsync(id, attached.Device, ct);
    }

    /// <summary>
    /// Forgets what was ordered, once the data is on it. Until then a run that begins anew must not order another: a
    /// volume costs, whether anybody remembers it or not.
    /// </summary>
    public static void Forget(ProtectionRecord record) => record.Forget(OrderItem);

    private static string ZoneOf(Cloud.Machine here) => here.Zone
        ?? throw new SalvorException(ErrorCode.CloudRefused, $"The cloud does not say which zone {here.Id} is in.");

    private static void RequireUsable(Volume volume, MachineId machine, Cloud.Machine here)
    {
        var other = volume.Attachments.FirstOrDefault(a => a.Machine != machine);
        var why = other is not null ? $"belongs to {other.Machine}"
            : volume.Zone != ZoneOf(here) ? $"is in {volume.Zone}, and this machine in {here.Zone}"
            : volume.State is VolumeState.Available or VolumeState.InUse ? null
            : $"is in the state {volume.State}";
        if (why is not null)
        {
            throw new SalvorException(ErrorCode.CloudRefused, $"Volume {volume.Id} {why}.")
            {
                Hint = "Name a volume of this machine's zone that nobody has, or say 'new'.",
            };
        }
    }

    private static string FreeDevice(Cloud.Machine here) => Enumerable.Range('f', 'p' - 'f' + 1)
        .Select(letter => $"/dev/sd{(char)letter}")
        .FirstOrDefault(name => here.Disks.All(disk => disk.Device != name))
        ?? throw new SalvorException(ErrorCode.CloudCapacity,
            $"{here.Id} has no device name free from /dev/sdf to sdp.");

    private async Task<VolumeId> OrderAsync(CloudTarget cloud, Cloud.Machine here, CancellationToken ct)
    {
        var order = record.Of(OrderItem);
        if (order.GetValueOrDefault(Ordered) is { } ordered)
        {
            return new VolumeId(ordered);
        }

        if (order.GetValueOrDefault(Token) is not { } token)
        {
            var bytes = new byte[16];
            entropy.Fill(bytes);
            token = Convert.ToHexStringLower(bytes);
            record.Remember(OrderItem, [new(Token, token)]);
        }

        var made = await cloud.Volumes.CreateAsync(
            new VolumeOrder(token, ZoneOf(here), NewSizeGiB, NewType)
            {
                Tags = new Dictionary<string, string>
                {
                    ["salvor-cluster"] = cluster,
                    ["Name"] = $"{cluster}-etcd",
                },
            },
            ct);
        record.Remember(OrderItem, [new(Ordered, made.Value)]);
        return made;
    }

    private async Task<Volume> WaitAsync(
        CloudTarget cloud, VolumeId id, Func<Volume, bool> isReached, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var isThere = true;
            try
            {
                var volume = await cloud.Volumes.DescribeAsync(id, ct);
                if (isReached(volume) || volume.State is VolumeState.Failed or VolumeState.Deleted)
                {
                    return volume;
                }
            }
            catch (SalvorException e) when (e.Code == ErrorCode.CloudNotFound && named is null)
            {
                // Just ordered: the cloud's own descriptions lag behind.
                isThere = false;
            }

            if (time.GetElapsedTime(start) > WaitLimit && !isThere)
            {
                record.Forget(OrderItem);
                throw new SalvorException(ErrorCode.CloudNotFound, $"Volume {id}, which was ordered, is not there.")
                {
                    Hint = "Was it deleted? Run this again: it orders another one.",
                };
            }

            if (time.GetElapsedTime(start) > WaitLimit)
            {
                throw new SalvorException(ErrorCode.CloudBusy,
                    $"Volume {id} is not where it shall be after {WaitLimit.TotalMinutes} min.")
                {
                    IsTransient = true,
                    Hint = "Run this again: it goes on with the same volume.",
                };
            }

            await Task.Delay(Pause, time, ct);
        }
    }

    /// <summary>NVMe's names have the volume's id in them; Xen's are the cloud's own, or begin otherwise.</summary>
    private async Task<string> FindAsync(VolumeId id, string? name, CancellationToken ct)
    {
        string?[] candidates =
        [
            $"/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_{id.Value.Replace("-", "", StringComparison.Ordinal)}",
            name,
            name?.Replace("/dev/sd", "/dev/xvd", StringComparison.Ordinal),
        ];
        var start = time.GetTimestamp();
        while (true)
        {
            if (candidates.FirstOrDefault(
                path => path is not null && machine.FileSystem.Stat(machine.PathOf(path)) is not null) is { } found)
            {
                return found;
            }

            if (time.GetElapsedTime(start) > WaitLimit)
            {
                throw new SalvorException(ErrorCode.NotFound,
                    $"{id} is attached, and none of {string.Join(", ", candidates.OfType<string>())} is there.")
                {
                    Hint = $"lsblk -o NAME,SERIAL shows it: name that device instead of {id}.",
                };
            }

            await Task.Delay(Pause, time, ct);
        }
    }
}
