namespace Salvor.Backup;

/// <summary>Takes a snapshot's bytes, its trailing hash included.</summary>
internal interface ISnapshotSink
{
    /// <summary>Takes the next bytes, on a thread for such work.</summary>
    void Take(ReadOnlySpan<byte> bytes);

    /// <summary>Waits until there is room for more; called after each block.</summary>
    ValueTask SettleAsync();
}
