using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Formats;
using Salvor.Node;
using Salvor.Platform;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Gate;

namespace Salvor.Recovery.OnMachine.Looks;

/// <summary>What etcd says of itself.</summary>
public sealed class EtcdLook(AgentMachine machine, HeldManifest held) : IMachineLook, IDisposable
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(3);

    private EtcdConnection? _connection;
    private FileStatus? _madeFor;
    private volatile MemberStatus? _status;

    /// <summary>What it said last; null when it did not answer the last time.</summary>
    public MemberStatus? Status => _status;

    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        try
        {
            var etcd = Connect();
            var status = await etcd.Maintenance.StatusAsync(ct);
            _status = status;
            var alarms = await etcd.Maintenance.ListAlarmsAsync(ct);
            return Observations.None
                .With(Sign.EtcdResponds, status.LeaderId != 0, status.LeaderId == 0 ? "it has no leader" : "")
                .With(Sign.NoSpaceAlarm, alarms.Any(alarm => alarm.Kind == EtcdAlarmKind.NoSpace))
                .With(Sign.CorruptAlarm, alarms.Any(alarm => alarm.Kind == EtcdAlarmKind.Corrupt));
        }
        catch (SalvorException e) when (e.Code is ErrorCode.EtcdUnreachable)
        {
            _status = null;
            return Observations.None.With(Sign.EtcdResponds, false, e.Message);
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            _status = null; // Certificates, rights, a manifest that can't be read: what etcd does can't be seen.
            return Observations.None.With(Sign.EtcdResponds, Truth.Unknown, e.Message);
        }
    }

    /// <summary>What it says of its disk; null where it does not answer.</summary>
    public async Task<EtcdGauges?> GaugesAsync(CancellationToken ct)
    {
        try
        {
            return await Connect().ReadGaugesAsync(ct);
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return null;
        }
    }

    public void Dispose() => _connection?.Dispose();

    private EtcdConnection Connect()
    {
        var path = held.CurrentPath;
        var now = machine.Files.Stat(path);
        if (_connection is { } connection && (now == _madeFor || now is null))
        {
            return connection; // Without a manifest the last one's etcd is asked.
        }

        var options = EtcdManifest.Load(machine.Files, path).ToConnectionOptions(machine.Files) with
        {
            ConnectTimeout = CallLimit,
            CallTimeout = CallLimit,
        };
        _connection?.Dispose();
        _connection = new EtcdConnection(options, machine.Files, machine.Time);
        _madeFor = now;
        return _connection;
    }
}
