using Salvor.EtcdClient.Protos;

namespace Salvor.EtcdClient;

/// <summary>etcd's Lease service. Lease ids are etcd's 64-bit numbers; times have whole seconds.</summary>
public sealed class EtcdLeases
{
    private readonly EtcdConnection _connection;

    internal EtcdLeases(EtcdConnection connection) => _connection = connection;

    /// <param name="timeToLive">At least a second; etcd may give more.</param>
    /// <param name="id">The id wanted; 0 lets etcd choose.</param>
    /// <param name="ct">Ends the call.</param>
    /// <returns>The lease's id.</returns>
    public async Task<long> GrantAsync(TimeSpan timeToLive, long id, CancellationToken ct)
    {
        var request = new LeaseGrantRequest { Ttl = (long)timeToLive.TotalSeconds, Id = id };
        var answer = await _connection.CallAsync(
            "lease grant",
            CallKind.Write,
            scope => new Lease.LeaseClient(scope.Invoker).LeaseGrantAsync(request, scope.Options),
            ct);
        return answer.Id;
    }

    /// <summary>Ends a lease and deletes its keys.</summary>
    public Task RevokeAsync(long id, CancellationToken ct) =>
        _connection.CallAsync(
            "lease revoke",
            CallKind.Write,
            scope => new Lease.LeaseClient(scope.Invoker)
                .LeaseRevokeAsync(new LeaseRevokeRequest { Id = id }, scope.Options),
            ct);

    public async Task<IReadOnlyList<long>> ListAsync(CancellationToken ct)
    {
        var answer = await _connection.CallAsync(
            "lease list",
            CallKind.Read,
            scope => new Lease.LeaseClient(scope.Invoker).LeaseLeasesAsync(new LeaseLeasesRequest(), scope.Options),
            ct);
        return [.. answer.Leases.Select(l => l.Id)];
    }

    /// <summary>A lease's times; null when etcd does not know it.</summary>
    public async Task<LeaseState?> GetAsync(long id, bool withKeys, CancellationToken ct)
    {
        var request = new LeaseTimeToLiveRequest { Id = id, Keys = withKeys };
        var answer = await _connection.CallAsync(
            "lease time to live",
            CallKind.Read,
            scope => new Lease.LeaseClient(scope.Invoker).LeaseTimeToLiveAsync(request, scope.Options),
            ct);
        return answer.Ttl < 0
            ? null
            : new LeaseState(
                answer.Id,
                TimeSpan.FromSeconds(answer.GrantedTtl),
                TimeSpan.FromSeconds(answer.Ttl),
                [.. answer.Keys.Select(k => k.Memory)]);
    }

    /// <summary>Gives a lease its whole time again, once.</summary>
    /// <returns>The time that it has now; null when etcd does not know it.</returns>
    public Task<TimeSpan?> KeepAliveOnceAsync(long id, CancellationToken ct) =>
        _connection.OpenAsync(
            "lease keep-alive",
            async scope =>
            {
                using var call = new Lease.LeaseClient(scope.Invoker).LeaseKeepAlive(scope.Options);
                await call.RequestStream.WriteAsync(new LeaseKeepAliveRequest { Id = id }, scope.Ct);
                var hasAnswer = await call.ResponseStream.MoveNext(scope.Ct);
                var seconds = hasAnswer ? call.ResponseStream.Current.Ttl : 0;
                return seconds > 0 ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
            },
            ct);
}
