using System.Collections.Immutable;
using Grpc.Core;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.EtcdClient;

/// <summary>A client of one etcd cluster. Safe for use from several threads.</summary>
/// <remarks>
/// A call goes to the member that answered last. When that one can't be reached the next is asked, since nothing was
/// sent;
/// after any other failure only calls that change nothing are sent again. Every failure that leaves here is a
/// <see cref="SalvorException"/> that names the endpoint.
/// </remarks>
public sealed class EtcdConnection : IDisposable
{
    private const int ReadAttemptsMax = 3;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private readonly EtcdConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly ImmutableArray<EtcdEndpoint> _endpoints;
    private readonly TokenCache _tokens = new();
    private volatile int _preferred;

    /// <exception cref="SalvorException">The options are wrong, or a certificate can't be read.</exception>
    public EtcdConnection(EtcdConnectionOptions options, IFileSystem fileSystem, TimeProvider time)
    {
        if (options.Validate() is { Length: > 0 } faults)
        {
            throw new SalvorException(ErrorCode.Usage, string.Join(' ', faults));
        }

        _options = options;
        _time = time;
        var tls = TlsMaterial.Load(options, fileSystem);
        _endpoints = [.. options.Endpoints.Select(e => new EtcdEndpoint(e, options, tls, time))];
        Keys = new EtcdKeys(this);
        Leases = new EtcdLeases(this);
        Maintenance = new EtcdMaintenance(this);
        Watches = new EtcdWatches(this);
        Members = new EtcdMembers(this);
        Authentication = new EtcdAuthentication(this);
    }

    public EtcdKeys Keys { get; }

    public EtcdLeases Leases { get; }

    public EtcdMaintenance Maintenance { get; }

    public EtcdWatches Watches { get; }

    public EtcdMembers Members { get; }

    public EtcdAuthentication Authentication { get; }

    /// <summary>The endpoint that the next call goes to first.</summary>
    public Uri PreferredEndpoint => _endpoints[_preferred].Address;

    /// <summary>What the member that answered last says of itself; null where it does not.</summary>
    public Task<EtcdGauges?> ReadGaugesAsync(CancellationToken ct) => _endpoints[_preferred].ReadGaugesAsync(ct);

    public void Dispose()
    {
        foreach (var endpoint in _endpoints)
        {
            endpoint.Dispose();
        }

        _tokens.Dispose();
    }

    /// <summary>A small call with its own deadline.</summary>
    internal Task<T> CallAsync<T>(
        string what, CallKind kind, Func<CallScope, AsyncUnaryCall<T>> call, CancellationToken ct) =>
        CallAsync(what, kind, _options.CallTimeout, call, ct);

    /// <summary>A call whose work grows with the database.</summary>
    internal Task<T> CallLongAsync<T>(
        string what, CallKind kind, Func<CallScope, AsyncUnaryCall<T>> call, CancellationToken ct) =>
        CallAsync(what, kind, _options.LongCallTimeout, call, ct);

    /// <summary>
    /// Opens a stream, which has no deadline; <paramref name="open"/> returns after the first answer.
    /// </summary>
    internal Task<T> OpenAsync<T>(string what, Func<CallScope, Task<T>> open, CancellationToken ct) =>
        AttemptAsync(what, CallKind.Read, timeout: null, open, needsToken: true, ct);

    /// <summary>Asks for a token; the one call that carries none.</summary>
    internal async Task<string> AuthenticateAsync(string user, EtcdPassword password, CancellationToken ct)
    {
        var request = new Protos.AuthenticateRequest { Name = user, Password = password.Reveal() };
        var answer = await AttemptAsync(
            "authenticate",
            CallKind.Read,
            _options.CallTimeout,
            async scope =>
            {
                using var call = new Protos.Auth.AuthClient(scope.Invoker).AuthenticateAsync(request, scope.Options);
                return await call;
            },
            needsToken: false,
            ct);
        return answer.Token;
    }

    private Task<T> CallAsync<T>(
        string what, CallKind kind, TimeSpan timeout, Func<CallScope, AsyncUnaryCall<T>> call, CancellationToken ct) =>
        AttemptAsync(
            what,
            kind,
            timeout,
            async scope =>
            {
                using var running = call(scope);
                return await running;
            },
            needsToken: true,
            ct);

    private async Task<T> AttemptAsync<T>(
        string what, CallKind kind, TimeSpan? timeout, Func<CallScope, Task<T>> attempt, bool needsToken,
            CancellationToken ct)
    {
        var unreached = new List<SalvorException>();
        var hasRenewedToken = false;
        for (var attempts = 1; ; attempts++)
        {
            var position = _preferred;
            var endpoint = _endpoints[position];
            var token = needsToken ? await TokenAsync(ct) : null;
            try
            {
                DateTime? deadline = timeout is { } t ? _time.GetUtcNow().UtcDateTime + t : null;
                return await attempt(new CallScope(endpoint, HeadersWith(token), deadline, ct));
            }
            catch (RpcException e)
            {
                ct.ThrowIfCancellationRequested();
                var failure = EtcdFailure.Of(e, endpoint, what);
                if (failure.IsTokenStale && token is not null && !hasRenewedToken)
                {
                    // etcd refused at the door, so nothing was carried out: even a write may be sent again.
                    hasRenewedToken = true;
                    _tokens.Forget(token);
                    continue;
                }

                if (failure.IsUnreached)
                {
                    unreached.Add(failure.Exception);
                    MoveOn(position);
                    if (unreached.Count >= _endpoints.Length)
                    {
                        throw EtcdFailure.OfAll(unreached);
                    }

                    continue;
                }

                if (kind == CallKind.Write || !failure.Exception.IsTransient || attempts >= ReadAttemptsMax)
                {
                    throw failure.Exception;
                }

                MoveOn(position);
                await Task.Delay(RetryPause * attempts, _time, ct);
            }
        }
    }

    private async Task<string?> TokenAsync(CancellationToken ct) =>
        _options is { User: { } user, Password: { } password }
            ? await _tokens.GetAsync(inner => EtcdAuthentication.TokenOrNothingAsync(this, user, password, inner), ct)
            : null;

    private void MoveOn(int failed) =>
        Interlocked.CompareExchange(ref _preferred, (failed + 1) % _endpoints.Length, failed);

    private static Metadata HeadersWith(string? token) =>
        string.IsNullOrEmpty(token) ? [] : new Metadata { { "token", token } };
}
