using System.Text.Json.Serialization.Metadata;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>The notices in the repository, for guards and agents. Each is put without a condition.</summary>
public sealed class StoreNotices(StoreJson objects) : INoticeBoard
{
    public async Task<Notices> ReadAsync(CancellationToken ct)
    {
        var pause = (await objects.ReadAsync(RecoveryNames.Pause, RecoveryJson.Default.PauseNotice, ct))?.Value;
        if (pause?.Fault() is { } fault)
        {
            throw new CorruptDataException(RecoveryNames.Pause.Value, 0, fault);
        }

        return new Notices(pause, await ReadApprovalAsync(ct));
    }

    public Task PutAsync(PauseNotice pause, CancellationToken ct) =>
        PutAsync(RecoveryNames.Pause, pause.Checked(), RecoveryJson.Default.PauseNotice, ct);

    public Task PutAsync(Approval approval, CancellationToken ct) =>
        PutAsync(RecoveryNames.Approval, approval, RecoveryJson.Default.Approval, ct);

    /// <summary>One that can't be read, as a newer salvor's, allows nothing.</summary>
    private async Task<Approval?> ReadApprovalAsync(CancellationToken ct)
    {
        try
        {
            var found = (await objects.ReadAsync(RecoveryNames.Approval, RecoveryJson.Default.Approval, ct))?.Value;
            return found?.Fault() is null ? found : null;
        }
        catch (CorruptDataException)
        {
            return null;
        }
    }

    private async Task PutAsync<T>(ObjectName name, T notice, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        var write = await objects.WriteAsync(name, notice, type, PutCondition.None, ct);
        if (write.Fault is { } fault)
        {
            throw fault;
        }
    }
}
