using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>The one notice that recoveries rest. The last word counts, so it is put without a condition.</summary>
public sealed class StorePause(StoreJson objects, TimeProvider time)
{
    /// <summary>The pause that holds now; null for none.</summary>
    /// <exception cref="SalvorException">The store did not tell.</exception>
    /// <exception cref="CorruptDataException">The object is damaged: nothing new may be begun.</exception>
    public async Task<PauseNotice?> FindAsync(CancellationToken ct)
    {
        var found = (await objects.ReadAsync(RecoveryNames.Pause, RecoveryJson.Default.PauseNotice, ct))?.Value;
        return found?.Fault() is { } fault ? throw new CorruptDataException(RecoveryNames.Pause.Value, 0, fault)
            : found?.Until > time.GetUtcNow() ? found
            : null;
    }

    /// <summary>Begins a pause, or changes the one that there is.</summary>
    public Task SetAsync(DateTimeOffset until, string who, string why, CancellationToken ct)
    {
        var notice = new PauseNotice { Until = until, Written = time.GetUtcNow(), Who = who, Why = why };
        return notice.Fault() is { } fault
            ? throw new SalvorException(ErrorCode.Usage, $"This pause can't be: {fault}.")
            : PutAsync(notice, ct);
    }

    /// <summary>Ends whatever pause there is.</summary>
    public Task EndAsync(string who, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return PutAsync(new PauseNotice { Until = now, Written = now, Who = who, Why = "It was ended." }, ct);
    }

    private async Task PutAsync(PauseNotice notice, CancellationToken ct)
    {
        var write = await objects.WriteAsync(
            RecoveryNames.Pause, notice, RecoveryJson.Default.PauseNotice, PutCondition.None, ct);
        if (write.Fault is { } fault)
        {
            throw fault;
        }
    }
}
