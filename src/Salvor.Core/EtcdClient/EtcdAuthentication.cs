using Salvor.Errors;
using Salvor.EtcdClient.Protos;

namespace Salvor.EtcdClient;

/// <summary>etcd's Auth service, as far as a client needs it.</summary>
public sealed class EtcdAuthentication
{
    // etcd answers so when a user is given although nobody needs one; etcdctl goes on without a token, and so do we.
    internal const string NotEnabled = "authentication is not enabled";

    private readonly EtcdConnection _connection;

    internal EtcdAuthentication(EtcdConnection connection) => _connection = connection;

    /// <summary>Whether authentication is on. etcd answers since 3.5.</summary>
    public async Task<bool> IsEnabledAsync(CancellationToken ct)
    {
        var answer = await _connection.CallAsync(
            "auth status",
            CallKind.Read,
            scope => new Auth.AuthClient(scope.Invoker).AuthStatusAsync(new AuthStatusRequest(), scope.Options),
            ct);
        return answer.Enabled;
    }

    /// <summary>The token for a user, which other calls carry by themselves.</summary>
    public Task<string> AuthenticateAsync(string user, EtcdPassword password, CancellationToken ct) =>
        _connection.AuthenticateAsync(user, password, ct);

    internal static async Task<string> TokenOrNothingAsync(
        EtcdConnection connection, string user, EtcdPassword password, CancellationToken ct)
    {
        try
        {
            return await connection.AuthenticateAsync(user, password, ct);
        }
        catch (SalvorException e) when (e.Message.Contains(NotEnabled, StringComparison.Ordinal))
        {
            return "";
        }
    }
}
