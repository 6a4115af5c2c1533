namespace Salvor.Backup.Streaming;

/// <summary>Takes a snapshot when the log alone can't go on.</summary>
public interface ISnapshotTaker
{
    /// <summary>Takes one and stores it.</summary>
    /// <param name="reason">Why, for people.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <returns>The snapshot's revision: the log goes on after it.</returns>
    Task<long> TakeAsync(string reason, CancellationToken ct);
}
