using System.Text.Json;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Recovery.OnMachine.Hands;

/// <summary>
/// Keeps what a recovery puts in place, so that one that was cut off knows its own work again, and a timeline that
/// could not be begun is begun later.
/// </summary>
public sealed class RecoveredFile(IFileSystem files, string directory)
{
    private const int BytesMax = 16 << 10;

    private string FilePath => Path.Combine(directory, "recovered.json");

    /// <summary>What is kept; null where there is nothing, or nothing that can be read.</summary>
    public RecoveredData? Read()
    {
        try
        {
            return SmallFile.TryRead(files, FilePath, BytesMax) is { } content
                ? JsonSerializer.Deserialize(content, RecoveredJson.Default.RecoveredData)
                : null;
        }
        catch (Exception e) when (e is SalvorException or JsonException)
        {
            return null;
        }
    }

    public void Write(RecoveredData data)
    {
        SmallFile.EnsureDirectory(files, directory, AgentMachine.PrivateDirectory);
        SmallFile.Write(
            files, FilePath, JsonSerializer.SerializeToUtf8Bytes(data, RecoveredJson.Default.RecoveredData),
            UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
