using Salvor.EtcdClient.Protos;

namespace Salvor.EtcdClient;

/// <summary>etcd's Cluster service, as far as Salvor reads it.</summary>
public sealed class EtcdMembers
{
    private readonly EtcdConnection _connection;

    internal EtcdMembers(EtcdConnection connection) => _connection = connection;

    /// <param name="isLinearizable">Whether the leader must confirm; else the member answers from what it has. etcd 3.4
    /// never asks the leader.</param>
    /// <param name="ct">Ends the call.</param>
    public async Task<IReadOnlyList<EtcdMember>> ListAsync(bool isLinearizable, CancellationToken ct)
    {
        var request = new MemberListRequest { Linearizable = isLinearizable };
        var answer = await _connection.CallAsync(
            "member list",
            CallKind.Read,
            scope => new Cluster.ClusterClient(scope.Invoker).MemberListAsync(request, scope.Options),
            ct);
        return [.. answer.Members.Select(m => new EtcdMember(m.Id, m.Name, m.PeerUrls, m.ClientUrls, m.IsLearner))];
    }
}
