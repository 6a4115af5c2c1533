using Salvor.Cloud;
using Salvor.Errors;
using Salvor.Readiness.Protect.InCloud;

namespace Salvor.Tests.Readiness.Protect.InCloud;

/// <summary>One machine with its volumes and alarms in memory, and every order that changes something.</summary>
internal sealed class MemoryCloud : IMachineStates, IVolumes, IAlarms
{
    public static readonly MachineId Id = new("i-0123456789abcdef0");

    public Salvor.Cloud.Machine Machine { get; set; } = new()
    {
        Id = Id,
        State = MachineState.Running,
        Zone = "eu-central-1a",
        RootDevice = "/dev/xvda",
        Disks =
        [
            new MachineDisk("/dev/xvda", new VolumeId("vol-root"), true),
            new MachineDisk("/dev/sdf", new VolumeId("vol-etcd"), true),
        ],
    };

    public Dictionary<string, AlarmDefinition> Alarms { get; } = [];

    public Dictionary<VolumeId, Volume> Volumes { get; } = [];

    public List<string> Orders { get; } = [];

    public Task<CloudTarget> TargetAsync(CancellationToken ct) =>
        Task.FromResult(new CloudTarget(Id, "eu-central-1", "aws", this, this, this));

    public Task<Salvor.Cloud.Machine> DescribeAsync(MachineId machine, CancellationToken ct) =>
        Task.FromResult(Machine);

    public Task<MachineChecks> CheckAsync(MachineId machine, CancellationToken ct) =>
        Task.FromResult(new MachineChecks(Machine.State, StatusCheck.Unknown, StatusCheck.Unknown));

    public Task<Volume> DescribeAsync(VolumeId volume, CancellationToken ct) =>
        Volumes.TryGetValue(volume, out var found)
            ? Task.FromResult(found)
            : throw new SalvorException(ErrorCode.CloudNotFound, $"There is no volume {volume}.");

    public Task<VolumeId> CreateAsync(VolumeOrder order, CancellationToken ct)
    {
        Orders.Add($"create {order.SizeGiB} {order.Type} {order.Tags["salvor-cluster"]}");
        var id = new VolumeId("vol-" + order.Token);
        Volumes.TryAdd(id, new Volume { Id = id, State = VolumeState.Available, Zone = order.Zone, SizeGiB = 20 });
        return Task.FromResult(id);
    }

    public Task AttachAsync(VolumeId volume, MachineId machine, string device, CancellationToken ct)
    {
        Orders.Add($"attach {device}");
        Volumes[volume] = Volumes[volume] with
        {
            State = VolumeState.InUse,
            Attachments = [new VolumeAttachment(machine, device, AttachmentState.Attached, true)],
        };
        return Task.CompletedTask;
    }

    public Task SetDeleteOnTerminationAsync(MachineId machine, string device, bool deletes, CancellationToken ct)
    {
        Orders.Add($"{device} {(deletes ? "ends" : "kept")}");
        Machine = Machine with
        {
            Disks = [.. Machine.Disks.Select(disk =>
                disk.Device == device ? disk with { DeletesOnTermination = deletes } : disk)],
        };
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<MachineAlarm>> ListAsync(MachineId machine, CancellationToken ct) =>
        FindAsync([.. Alarms.Keys], ct);

    public Task<IReadOnlyList<MachineAlarm>> FindAsync(IReadOnlyList<string> names, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<MachineAlarm>>(
            [.. names.Where(Alarms.ContainsKey)
                .Select(name => new MachineAlarm(Alarms[name], AlarmState.Ok, null, null))]);

    public Task PutAsync(AlarmDefinition alarm, CancellationToken ct)
    {
        Orders.Add($"put {alarm.Name}");
        Alarms[alarm.Name] = alarm;
        return Task.CompletedTask;
    }

    public Task DeleteAsync(IReadOnlyList<string> names, CancellationToken ct)
    {
        foreach (var name in names)
        {
            Orders.Add($"delete {name}");
            Alarms.Remove(name);
        }

        return Task.CompletedTask;
    }

    public Task SetActionsEnabledAsync(IReadOnlyList<string> names, bool enabled, CancellationToken ct) =>
        throw new InvalidOperationException("protect never switches an alarm off.");

    public Task SetStateAsync(string name, AlarmState state, string reason, CancellationToken ct) =>
        throw new InvalidOperationException("protect never sets an alarm off.");
}
