using Salvor.Progress;

namespace Salvor.Backup;

/// <summary>Writes a snapshot to its file.</summary>
internal sealed class FileSink(SnapshotFileWriter writer, long expectedBytes, IProgress<WorkProgress>? progress)
    : ISnapshotSink
{
    public void Take(ReadOnlySpan<byte> bytes)
    {
        writer.Append(bytes);
        progress?.Report(new WorkProgress(SnapshotPump.Stage, writer.WrittenBytes, expectedBytes));
    }

    public ValueTask SettleAsync() => ValueTask.CompletedTask;
}
