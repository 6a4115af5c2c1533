using Salvor.Platform;
using Salvor.Repository;
using Salvor.Repository.Keys;

namespace Salvor.Daemon;

/// <summary>A repository that is opened when it is first needed, however long it is away before that.</summary>
internal sealed class RepositoryAccess(Func<CancellationToken, Task<OpenedRepository>> open, IEntropy entropy)
    : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private OpenedRepository? _opened;
    private OpenRepository? _objects;

    /// <exception cref="Errors.SalvorException">It is away, or can't be opened.</exception>
    public async Task<OpenRepository> OpenAsync(CancellationToken ct)
    {
        if (_objects is { } objects)
        {
            return objects;
        }

        await _gate.WaitAsync(ct);
        try
        {
            _opened ??= await open(ct);
            return _objects ??= new OpenRepository(
                _opened.Store, new ObjectSealer(_opened.Id, _opened.Key, entropy));
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _opened?.Dispose();
        _gate.Dispose();
    }
}
