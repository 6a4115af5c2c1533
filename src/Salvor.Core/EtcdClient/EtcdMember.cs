namespace Salvor.EtcdClient;

/// <param name="Id">etcd's 64-bit number of the member.</param>
/// <param name="Name">Empty until the member has started once.</param>
/// <param name="PeerUrls">Where other members reach it.</param>
/// <param name="ClientUrls">Where clients reach it.</param>
/// <param name="IsLearner">Whether it has no vote yet.</param>
public sealed record EtcdMember(
    ulong Id,
    string Name,
    IReadOnlyList<string> PeerUrls,
    IReadOnlyList<string> ClientUrls,
    bool IsLearner);
