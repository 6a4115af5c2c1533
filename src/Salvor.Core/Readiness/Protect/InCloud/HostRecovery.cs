using Salvor.Cloud;
using Salvor.Readiness.Alarms;

namespace Salvor.Readiness.Protect.InCloud;

/// <summary>Says what moves the machine when its host fails: the cloud by itself, an alarm, both or nobody.</summary>
/// <param name="cluster">The cluster's name, a part of the alarm's.</param>
/// <param name="withRecover">Whether an alarm is wanted that moves the machine.</param>
/// <param name="target">Reaches the machine, once it is asked for.</param>
public sealed class HostRecovery(
    string cluster, bool withRecover, Func<CancellationToken, Task<CloudTarget>> target) : IProtection
{
    public string Section => "cloud";

    public string Name => "host-recovery";

    public string Purpose => "One thing, and not two at once, moves the machine when its host fails.";

    public async Task<ProtectionLook> LookAsync(ProtectionAim aim, CancellationToken ct)
    {
        var cloud = await target(ct);
        var machine = await cloud.Machines.DescribeAsync(cloud.Machine, ct);
        var recoverName = WantedAlarms.NamesFor(cluster)[1];
        var hasAlarm = aim == ProtectionAim.Protect
            && (withRecover || (await cloud.Alarms.FindAsync([recoverName], ct)).Count > 0);
        return new ProtectionLook
        {
            State = machine.AutomaticRecovery == AutomaticRecovery.Unknown
                ? ProtectionState.NotApplicable
                : ProtectionState.InForce,
            Found = $"simplified automatic recovery {WordOf(machine.AutomaticRecovery)}, "
                + (hasAlarm ? "with a recover alarm" : "without a recover alarm"),
            Note = NoteOf(machine, hasAlarm),
        };
    }

    /// <summary>There is nothing to change: which of the two is better is the user's to say.</summary>
    public Task ChangeAsync(ProtectionAim aim, CancellationToken ct) => Task.CompletedTask;

    private static string? NoteOf(Cloud.Machine machine, bool hasAlarm) => (machine.AutomaticRecovery, hasAlarm) switch
    {
        (AutomaticRecovery.On, true) =>
            "Simplified automatic recovery is on and may race with the recover alarm. To leave it to the alarm: "
                + $"aws ec2 modify-instance-maintenance-options --instance-id {machine.Id} --auto-recovery disabled",
        (AutomaticRecovery.Off, false) => "Nothing moves the machine when its host fails: --recover-alarm does.",
        (AutomaticRecovery.Unknown, true) =>
            "The cloud does not say whether it recovers the machine by itself, which may race with the recover alarm.",
        _ => null,
    };

    private static string WordOf(AutomaticRecovery recovery) => recovery switch
    {
        AutomaticRecovery.On => "on",
        AutomaticRecovery.Off => "off",
        _ => "unknown",
    };
}
