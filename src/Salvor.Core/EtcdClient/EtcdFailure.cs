using Grpc.Core;
using Salvor.Errors;

namespace Salvor.EtcdClient;

/// <summary>A failed call in our words, and what it lets us do next.</summary>
/// <param name="Exception">What the caller gets when nothing helps.</param>
/// <param name="IsUnreached">No connection came about, so nothing was sent: another member may be asked.</param>
/// <param name="IsTokenStale">etcd no longer knows our token.</param>
internal readonly record struct EtcdFailure(SalvorException Exception, bool IsUnreached, bool IsTokenStale)
{
    public static EtcdFailure Of(RpcException e, EtcdEndpoint endpoint, string what) => e.StatusCode switch
    {
        _ when e.Status.DebugException is { } cause && ConnectionFault.Of(cause, endpoint) is { } fault =>
            new EtcdFailure(fault.Exception, fault.IsUnreached, IsTokenStale: false),
        StatusCode.DeadlineExceeded =>
            new EtcdFailure(TimedOut(e, endpoint, what), IsUnreached: false, IsTokenStale: false),
        _ => new EtcdFailure(Refused(e, endpoint, what), IsUnreached: false, IsStaleToken(e)),
    };

    /// <summary>One failure that tells of every endpoint.</summary>
    public static SalvorException OfAll(IReadOnlyList<SalvorException> failures)
    {
        if (failures.Count == 1)
        {
            return failures[0];
        }

        // TLS first: that member is alive and needs the user, the others may just be down.
        var leading = failures.FirstOrDefault(f => f.Code == ErrorCode.EtcdTls) ?? failures[0];
        return new SalvorException(leading.Code, string.Join(' ', failures.Select(f => f.Message)), leading)
        {
            Hint = leading.Hint,
            IsTransient = failures.Any(f => f.IsTransient),
        };
    }

    private static bool IsStaleToken(RpcException e) =>
        e.Status.Detail.Contains("invalid auth token", StringComparison.Ordinal)
        || e.Status.Detail.Contains("revision of auth store is old", StringComparison.Ordinal);

    private static SalvorException TimedOut(RpcException e, EtcdEndpoint endpoint, string what) =>
        new(ErrorCode.EtcdUnreachable,
            $"{endpoint.Name} did not answer in time ({what}, gRPC status DeadlineExceeded).", e)
        {
            IsTransient = true,
            Hint = "Is etcd overloaded, or its disk slow? A longer --timeout waits for it.",
        };

    private static SalvorException Refused(RpcException e, EtcdEndpoint endpoint, string what)
    {
        var said = e.Status.Detail.Trim().TrimEnd('.');
        var message = $"{endpoint.Name} refused {what}: {said} (gRPC status {e.StatusCode}).";
        if (AuthHint(e) is { } hint)
        {
            return new SalvorException(ErrorCode.EtcdAuth, message, e) { Hint = hint };
        }

        var isTransient = e.StatusCode is StatusCode.Unavailable
            || (e.StatusCode == StatusCode.Unknown && said.Contains("no leader", StringComparison.Ordinal));
        return new SalvorException(ErrorCode.EtcdRefused, message, e)
        {
            IsTransient = isTransient,
            Hint = RefusalHint(said)
        };
    }

    private static string? AuthHint(RpcException e)
    {
        var said = e.Status.Detail;
        if (said.Contains("invalid user ID or password", StringComparison.Ordinal))
        {
            return "Check the name and the password given with --user.";
        }

        if (said.Contains("user name is empty", StringComparison.Ordinal)
            || said.Contains("user name not found", StringComparison.Ordinal))
        {
            return "etcd's authentication is on: give --user NAME:PASSWORD.";
        }

        return e.StatusCode switch
        {
            // Snapshot's refusal comes with the status Unknown.
            _ when e.StatusCode == StatusCode.PermissionDenied || said.Contains("permission denied",
                StringComparison.Ordinal) => "This needs a user with etcd's root role: give --user root:PASSWORD.",
            StatusCode.Unauthenticated => "Check the name and the password given with --user.",
            _ => null,
        };
    }

    private static string? RefusalHint(string said)
    {
        if (said.Contains("has been compacted", StringComparison.Ordinal))
        {
            return "That revision is gone from etcd; ask for a newer one, or restore from a snapshot.";
        }

        if (said.Contains("database space exceeded", StringComparison.Ordinal))
        {
            return "etcd has reached its quota: compact, defragment, then disarm the NOSPACE alarm.";
        }

        return said.Contains("no leader", StringComparison.Ordinal)
            ? "The member has no leader: look at etcd's log and at the other members."
            : null;
    }
}
