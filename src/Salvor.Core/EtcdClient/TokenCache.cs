namespace Salvor.EtcdClient;

/// <summary>Keeps the token that etcd gave for our user until somebody finds it stale.</summary>
internal sealed class TokenCache : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile string? _token;

    /// <summary>The token; <paramref name="authenticate"/> fetches it where there is none yet.</summary>
    public async Task<string> GetAsync(Func<CancellationToken, Task<string>> authenticate, CancellationToken ct)
    {
        if (_token is { } present)
        {
            return present;
        }

        await _gate.WaitAsync(ct);
        try
        {
            return _token ??= await authenticate(ct);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Forgets a token that etcd refused, unless it was renewed meanwhile.</summary>
    public void Forget(string? stale)
    {
        if (_token == stale)
        {
            _token = null;
        }
    }

    public void Dispose() => _gate.Dispose();
}
