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
        Require(RecoveryNames.Pause, pause?.Fault());
        var approval = (await objects.ReadAsync(RecoveryNames.Approval, RecoveryJson.Default.Approval, ct))?.Value;
        Require(RecoveryNames.Approval, approval?.Fault());
        return new Notices(pause, approval);
    }

    public Task PutAsync(PauseNotice pause, CancellationToken ct) =>
        PutAsync(RecoveryNames.Pause, pause.Checked(), RecoveryJson.Default.PauseNotice, ct);

    public Task PutAsync(Approval approval, CancellationToken ct) =>
        PutAsync(RecoveryNames.Approval, approval, RecoveryJson.Default.Approval, ct);

    private static void Require(ObjectName name, string? fault)
    {
        if (fault is not null)
        {
            throw new CorruptDataException(name.Value, 0, fault);
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
