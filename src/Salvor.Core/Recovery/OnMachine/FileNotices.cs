using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Platform;
using Salvor.Recovery.Shared;

namespace Salvor.Recovery.OnMachine;

/// <summary>The notices on a machine, for its agent: they hold while the repository is away, and over a restart.
/// </summary>
public sealed class FileNotices(IFileSystem files, string directory) : INoticeBoard
{
    private const int BytesMax = 16 << 10;

    private string PausePath => Path.Combine(directory, "pause.json");

    private string ApprovalPath => Path.Combine(directory, "approval.json");

    public Task<Notices> ReadAsync(CancellationToken ct)
    {
        var pause = Read(PausePath, RecoveryJson.Default.PauseNotice);
        return pause?.Fault() is { } fault
            ? throw new CorruptDataException(PausePath, 0, fault)
            : Task.FromResult(new Notices(pause, ReadApproval()));
    }

    public Task PutAsync(PauseNotice pause, CancellationToken ct) =>
        Put(PausePath, pause.Checked(), RecoveryJson.Default.PauseNotice);

    public Task PutAsync(Approval approval, CancellationToken ct) =>
        Put(ApprovalPath, approval, RecoveryJson.Default.Approval);

    /// <summary>One that can't be read, as a newer salvor's, allows nothing.</summary>
    private Approval? ReadApproval()
    {
        try
        {
            var found = Read(ApprovalPath, RecoveryJson.Default.Approval);
            return found?.Fault() is null ? found : null;
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return null;
        }
    }

    private T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return SmallFile.TryRead(files, path, BytesMax) is { } content
                ? JsonSerializer.Deserialize(content, type)
                : null;
        }
        catch (JsonException e)
        {
            throw new CorruptDataException(path, e.BytePositionInLine ?? 0, "it is no notice of Salvor's");
        }
    }

    private Task Put<T>(string path, T notice, JsonTypeInfo<T> type)
    {
        SmallFile.EnsureDirectory(files, directory, AgentMachine.PrivateDirectory);
        SmallFile.Write(
            files, path, JsonSerializer.SerializeToUtf8Bytes(notice, type),
            UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return Task.CompletedTask;
    }
}
