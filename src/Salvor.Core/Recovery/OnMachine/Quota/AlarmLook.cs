using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.OnMachine.Quota;

/// <summary>Which alarms etcd has raised.</summary>
public sealed class AlarmLook(EtcdConnection etcd)
{
    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        try
        {
            var alarms = await etcd.Maintenance.ListAlarmsAsync(ct);
            return Observations.None
                .With(Sign.NoSpaceAlarm, alarms.Any(alarm => alarm.Kind == EtcdAlarmKind.NoSpace))
                .With(Sign.CorruptAlarm, alarms.Any(alarm => alarm.Kind == EtcdAlarmKind.Corrupt));
        }
        catch (SalvorException e)
        {
            return Observations.None
                .With(Sign.NoSpaceAlarm, Truth.Unknown, e.Message)
                .With(Sign.CorruptAlarm, Truth.Unknown, e.Message);
        }
    }
}
