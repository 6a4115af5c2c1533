using Salvor.Cloud;
using Salvor.Readiness.Alarms;

namespace Salvor.Readiness.Protect.InCloud;

/// <summary>One of the alarms that let the cloud repair the machine by itself.</summary>
/// <param name="kind">Which.</param>
/// <param name="cluster">The cluster's name, a part of the alarm's.</param>
/// <param name="withRecover">Whether an alarm is wanted that moves the machine to another host.</param>
/// <param name="target">Reaches the machine, once it is asked for.</param>
public sealed class AlarmProtection(
    AlarmKind kind, string cluster, bool withRecover, Func<CancellationToken, Task<CloudTarget>> target) : IProtection
{
    private const string Dimension = "InstanceId";

    public string Section => "cloud";

    public string Name => kind == AlarmKind.Reboot ? "reboot-alarm" : "recover-alarm";

    public string Purpose => kind == AlarmKind.Reboot
        ? "The cloud reboots the machine when its system stops to answer."
        : "The cloud moves the machine to another host when its host fails.";

    public async Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct)
    {
        var cloud = await target(ct);
        var (found, wanted) = await FindAsync(cloud, ct);
        return aim == ProtectionAim.Protect
            ? LookToProtect(cloud.Machine, found, wanted)
            : LookToRemove(cloud.Machine, found);
    }

    public async Task ChangeAsync(ProtectionAim aim, CancellationToken ct)
    {
        var cloud = await target(ct);
        if ((await LookAsync(aim, ct)).State != ProtectionState.Differs)
        {
            return;
        }

        if (aim == ProtectionAim.Remove)
        {
            await cloud.Alarms.DeleteAsync([AlarmName], ct);
        }
        else if ((await FindAsync(cloud, ct)).Wanted is { } wanted)
        {
            await cloud.Alarms.PutAsync(wanted, ct);
        }
    }

    private string AlarmName => WantedAlarms.NamesFor(cluster)[kind == AlarmKind.Reboot ? 0 : 1];

    /// <summary>
    /// A recover alarm that is there stays, whether it is asked for again or not: the reboot alarm would get in its way
    /// if it went back to its shorter wait.
    /// </summary>
    private async Task<(AlarmDefinition? Found, AlarmDefinition? Wanted)> FindAsync(
        CloudTarget cloud, CancellationToken ct)
    {
        var names = WantedAlarms.NamesFor(cluster);
        var found = (await cloud.Alarms.FindAsync(names, ct)).Select(alarm => alarm.Definition).ToList();
        var request = new AlarmRequest(
            cluster, cloud.Machine, cloud.Region, cloud.Partition,
            withRecover || found.Exists(alarm => alarm.Name == names[1]));
        return (
            found.Find(alarm => alarm.Name == AlarmName),
            WantedAlarms.For(request).FirstOrDefault(alarm => alarm.Name == AlarmName));
    }

    private ProtectionLook LookToProtect(MachineId machine, AlarmDefinition? found, AlarmDefinition? wanted)
    {
        if (wanted is null)
        {
            return new ProtectionLook
            {
                State = ProtectionState.NotApplicable,
                Note = "It is not asked for: --recover-alarm adds it.",
            };
        }

        if (found is null)
        {
            return new ProtectionLook
            {
                State = ProtectionState.Differs,
                Found = "no alarm",
                Wanted = Describe(wanted),
                Change = $"put alarm {AlarmName}",
            };
        }

        var differences = AlarmComparison.Compare(wanted, found);
        return differences.Count == 0
            ? new ProtectionLook { State = ProtectionState.InForce, Found = Describe(found) }
            : new ProtectionLook
            {
                State = ProtectionState.Differs,
                Found = string.Join("; ", differences.Select(d => $"{d.Attribute} {d.Found}")),
                Wanted = string.Join("; ", differences.Select(d => $"{d.Attribute} {d.Wanted}")),
                Change = $"replace alarm {AlarmName}",
                Note = MachineOf(found) is { } other && other != machine.Value
                    ? $"The alarm watches {other} now. Where that machine still serves another cluster, give this one "
                        + "a name of its own with --cluster."
                    : null,
            };
    }

    private ProtectionLook LookToRemove(MachineId machine, AlarmDefinition? found)
    {
        if (found is null)
        {
            return new ProtectionLook { State = ProtectionState.InForce, Found = "no alarm" };
        }

        var isOurs = MachineOf(found) == machine.Value;
        return new ProtectionLook
        {
            State = isOurs ? ProtectionState.Differs : ProtectionState.Refused,
            Found = Describe(found),
            Wanted = "no alarm",
            Change = isOurs ? $"delete alarm {AlarmName}" : null,
            Note = isOurs
                ? null
                : $"It watches {MachineOf(found) ?? "something else"}, not {machine}: name that machine with "
                    + "--instance-id to delete it.",
        };
    }

    private static string? MachineOf(AlarmDefinition alarm) => alarm.Dimensions.GetValueOrDefault(Dimension);

    private static string Describe(AlarmDefinition alarm) =>
        $"{alarm.Name}: {alarm.Metric} in {alarm.DatapointsToAlarm} of {alarm.EvaluationPeriods} periods of "
        + $"{alarm.PeriodSeconds}s, then {string.Join(", ", alarm.AlarmActions)}";
}
