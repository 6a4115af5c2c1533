namespace Salvor.Restore.FromRepository;

/// <summary>Which moment of the cluster's life to go back to. One of the kinds nested here.</summary>
public abstract record RestorePoint
{
    private RestorePoint()
    {
    }

    /// <summary>The newest that is stored.</summary>
    public sealed record Latest : RestorePoint;

    /// <summary>A snapshot, and nothing after it.</summary>
    /// <param name="Id">Its id, or the start of it.</param>
    public sealed record Snapshot(string Id) : RestorePoint;

    /// <summary>The state after this revision.</summary>
    public sealed record AtRevision(long Revision) : RestorePoint;

    /// <summary>The last state that was current at this time, by the writer's clock.</summary>
    public sealed record AtTime(DateTimeOffset Time) : RestorePoint;
}
