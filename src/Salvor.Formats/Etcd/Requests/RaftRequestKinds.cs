namespace Salvor.Formats.Etcd.Requests;

/// <summary>What kinds of request have in common.</summary>
public static class RaftRequestKinds
{
    /// <summary>Whether the request changes users, roles or whether they count.</summary>
    public static bool ChangesAuth(this RaftRequestKind kind) =>
        kind is RaftRequestKind.AuthEnable or RaftRequestKind.AuthDisable
        or RaftRequestKind.AuthUserAdd or RaftRequestKind.AuthUserDelete or RaftRequestKind.AuthUserChangePassword
        or RaftRequestKind.AuthUserGrantRole or RaftRequestKind.AuthUserRevokeRole
        or RaftRequestKind.AuthRoleAdd or RaftRequestKind.AuthRoleDelete
        or RaftRequestKind.AuthRoleGrantPermission or RaftRequestKind.AuthRoleRevokePermission;

    /// <summary>Whether the request leaves no trace in keys, leases, alarms or auth.</summary>
    public static bool IsWithoutEffect(this RaftRequestKind kind) => kind is RaftRequestKind.V2 or RaftRequestKind.Range
        or RaftRequestKind.Authenticate or RaftRequestKind.AuthStatus or RaftRequestKind.AuthUserGet
        or RaftRequestKind.AuthUserList or RaftRequestKind.AuthRoleGet or RaftRequestKind.AuthRoleList
        or RaftRequestKind.ClusterVersionSet or RaftRequestKind.ClusterMemberAttrSet or RaftRequestKind.DowngradeInfoSet
        or RaftRequestKind.DowngradeVersionTest;
}
