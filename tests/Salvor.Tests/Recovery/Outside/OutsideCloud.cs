using Salvor.Cloud;
using Salvor.Errors;
using Salvor.Recovery.Outside;

namespace Salvor.Tests.Recovery.Outside;

/// <summary>One machine, its volume and its alarms in memory, and every order that was taken.</summary>
internal sealed class OutsideCloud : IMachineStates, IMachinePower, IVolumes, IAlarms
{
    public static readonly MachineId Id = new("i-1");
    public static readonly VolumeId EtcdVolume = new("vol-etcd");

    private readonly Dictionary<string, string> _tags = [];

    public MachineState State { get; set; } = MachineState.Running;

    public CheckStatus Instance { get; set; } = CheckStatus.Ok;

    public CheckStatus System { get; set; } = CheckStatus.Ok;

    /// <summary>The volume; null where the cloud does not know its id.</summary>
    public Volume? Volume { get; set; } = Attached(AttachmentState.Attached);

    public Dictionary<string, AlarmDefinition> Alarms { get; } = [];

    public List<string> Orders { get; } = [];

    /// <summary>What every call ends with; null for an answer.</summary>
    public ErrorCode? Fails { get; set; }

    /// <summary>What an order to start or reboot comes to.</summary>
    public Action Booted { get; set; } = static () => { };

    /// <summary>Whether a stop that only asks is obeyed.</summary>
    public bool Obeys { get; set; } = true;

    /// <summary>Alarms that the credentials may not change.</summary>
    public HashSet<string> Forbidden { get; } = [];

    public CloudPorts Ports => new(this, this, this, this);

    public static Volume Attached(AttachmentState state) => new()
    {
        Id = EtcdVolume,
        State = VolumeState.InUse,
        Attachments = [new VolumeAttachment(Id, "/dev/sdf", state, false)],
    };

    public static AlarmDefinition Alarm(string name, string action, bool isEnabled = true) => new()
    {
        Name = name,
        Namespace = "AWS/EC2",
        Metric = "StatusCheckFailed_Instance",
        Dimensions = new Dictionary<string, string> { ["InstanceId"] = Id.Value },
        Statistic = "Maximum",
        PeriodSeconds = 60,
        EvaluationPeriods = 2,
        DatapointsToAlarm = 2,
        Comparison = "GreaterThanOrEqualToThreshold",
        Threshold = 1,
        MissingData = "missing",
        AlarmActions = [action],
        ActionsEnabled = isEnabled,
    };

    public Task<CloudPorts> OpenAsync(CancellationToken ct) => Task.FromResult(Ports);

    public Task<Machine> DescribeAsync(MachineId machine, CancellationToken ct) => Answer(() => new Machine
    {
        Id = machine,
        State = State,
        Tags = new Dictionary<string, string>(_tags),
    });

    public Task<MachineChecks> CheckAsync(MachineId machine, CancellationToken ct) => Answer(() =>
        new MachineChecks(State, new StatusCheck(System, []), new StatusCheck(Instance, [])));

    public Task<Volume> DescribeAsync(VolumeId volume, CancellationToken ct) => Answer(() =>
        Volume ?? throw new SalvorException(ErrorCode.CloudNotFound, $"{volume} is not known."));

    public Task StartAsync(MachineId machine, CancellationToken ct) => Order("start", () =>
    {
        State = MachineState.Running;
        Booted();
    });

    public Task StopAsync(MachineId machine, bool cutsPower, CancellationToken ct) => Order(
        cutsPower ? "cut" : "stop",
        () => State = cutsPower || Obeys ? MachineState.Stopped : MachineState.Stopping);

    public Task RebootAsync(MachineId machine, CancellationToken ct) => Order("reboot", Booted);

    public Task SetTagAsync(MachineId machine, string name, string value, CancellationToken ct) =>
        Order($"tag {name}={value}", () => _tags[name] = value);

    public Task AttachAsync(VolumeId volume, MachineId machine, string device, CancellationToken ct) =>
        Order($"attach {volume} {device}", () => Volume = Attached(AttachmentState.Attaching));

    public Task<IReadOnlyList<MachineAlarm>> ListAsync(MachineId machine, CancellationToken ct) =>
        FindAsync([.. Alarms.Keys], ct);

    public Task<IReadOnlyList<MachineAlarm>> FindAsync(IReadOnlyList<string> names, CancellationToken ct) =>
        Answer<IReadOnlyList<MachineAlarm>>(() => [.. names.Where(Alarms.ContainsKey)
            .Select(name => new MachineAlarm(Alarms[name], AlarmState.Ok, null, null))]);

    public Task SetActionsEnabledAsync(IReadOnlyList<string> names, bool enabled, CancellationToken ct)
    {
        if (names.Any(Forbidden.Contains))
        {
            throw new SalvorException(ErrorCode.CloudDenied, "Not yours.");
        }

        return Order($"{(enabled ? "enable" : "disable")} {string.Join(' ', names)}", () =>
        {
            foreach (var name in names)
            {
                Alarms[name] = Alarms[name] with { ActionsEnabled = enabled };
            }
        });
    }

    public Task<VolumeId> CreateAsync(VolumeOrder order, CancellationToken ct) => throw Never();

    public Task SetDeleteOnTerminationAsync(MachineId machine, string device, bool deletes, CancellationToken ct) =>
        throw Never();

    public Task PutAsync(AlarmDefinition alarm, CancellationToken ct) => throw Never();

    public Task DeleteAsync(IReadOnlyList<string> names, CancellationToken ct) => throw Never();

    public Task SetStateAsync(string name, AlarmState state, string reason, CancellationToken ct) => throw Never();

    private static InvalidOperationException Never() => new("A guard never does this.");

    private Task<T> Answer<T>(Func<T> answer) => Fails is { } code
        ? Task.FromException<T>(new SalvorException(code, "The cloud fails.") { IsTransient = true })
        : Task.FromResult(answer());

    private Task Order(string what, Action effect)
    {
        if (Fails is { } code)
        {
            return Task.FromException(new SalvorException(code, "The cloud fails.") { IsTransient = true });
        }

        Orders.Add(what);
        effect();
        return Task.CompletedTask;
    }
}
