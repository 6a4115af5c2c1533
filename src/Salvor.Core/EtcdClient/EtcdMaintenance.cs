using Salvor.EtcdClient.Protos;

namespace Salvor.EtcdClient;

/// <summary>etcd's Maintenance service. Its calls are about the member that answers, not about the cluster.</summary>
/// <remarks>Where the member matters, make a connection to that endpoint alone.</remarks>
public sealed class EtcdMaintenance
{
    private readonly EtcdConnection _connection;

    internal EtcdMaintenance(EtcdConnection connection) => _connection = connection;

    public async Task<MemberStatus> StatusAsync(CancellationToken ct)
    {
        var answer = await _connection.CallAsync(
            "status",
            CallKind.Read,
            scope => new Maintenance.MaintenanceClient(scope.Invoker).StatusAsync(new StatusRequest(), scope.Options),
            ct);
        return MemberStatus.From(answer);
    }

    /// <summary>Begins a snapshot of the member's applied state.</summary>
    public Task<EtcdSnapshot> OpenSnapshotAsync(CancellationToken ct) =>
        _connection.OpenAsync("the snapshot", EtcdSnapshot.OpenAsync, ct);

    /// <summary>Hashes the keyspace up to a revision. It stalls etcd's writes for as long as it takes.</summary>
    /// <param name="revision">0 for the newest.</param>
    /// <param name="ct">Ends the waiting.</param>
    public async Task<KeyspaceHash> HashAsync(long revision, CancellationToken ct)
    {
        var request = new HashKVRequest { Revision = revision };
        var answer = await _connection.CallLongAsync(
            "hash",
            CallKind.Read,
            scope => new Maintenance.MaintenanceClient(scope.Invoker).HashKVAsync(request, scope.Options),
            ct);
        return new KeyspaceHash(answer.Hash, answer.CompactRevision, answer.Header.Revision);
    }

    public async Task<IReadOnlyList<EtcdAlarm>> ListAlarmsAsync(CancellationToken ct)
    {
        var answer = await AlarmAsync(new AlarmRequest(), CallKind.Read, ct);
        return [.. answer.Alarms.Select(a => new EtcdAlarm(a.MemberId, (EtcdAlarmKind)a.Alarm))];
    }

    public Task DisarmAsync(EtcdAlarm alarm, CancellationToken ct)
    {
        var request = new AlarmRequest
        {
            Action = AlarmRequest.Types.AlarmAction.Deactivate,
            MemberId = alarm.MemberId,
            Alarm = (AlarmType)alarm.Kind,
        };
        return AlarmAsync(request, CallKind.Write, ct);
    }

    /// <summary>Rewrites the database without its free pages. The member answers nobody meanwhile.</summary>
    public Task DefragmentAsync(CancellationToken ct) =>
        _connection.CallLongAsync(
            "defragment",
            CallKind.Write,
            scope => new Maintenance.MaintenanceClient(scope.Invoker)
                .DefragmentAsync(new DefragmentRequest(), scope.Options),
            ct);

    private Task<AlarmResponse> AlarmAsync(AlarmRequest request, CallKind kind, CancellationToken ct) =>
        _connection.CallAsync(
            "alarm", kind, scope => new Maintenance.MaintenanceClient(scope.Invoker)
                .AlarmAsync(request, scope.Options), ct);
}
