namespace Salvor.Compare.Snapshots;

/// <summary>Takes snapshots into a repository in a directory, and knows what each cost.</summary>
public abstract class SnapshotTool(string name, string directory)
{
    private readonly List<StoredSnapshot> _taken = [];

    public string Name => name;

    public StoredSnapshot First => _taken[0];

    /// <summary>All but the first.</summary>
    public IEnumerable<StoredSnapshot> Further => _taken.Skip(1);

    public long PeakBytes => _taken.Max(snapshot => snapshot.Run.PeakBytes);

    /// <summary>Everything that is in the repository, the tool's own notes too.</summary>
    public long TotalBytes => Directory.Exists(directory)
        ? new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
        : 0;

    /// <summary>What restores the newest snapshot.</summary>
    public abstract Contestant Restore { get; }

    public abstract Task InitAsync(CancellationToken ct);

    public async Task TakeAsync(CancellationToken ct)
    {
        var before = TotalBytes;
        await PageCache.PrepareAsync(isCold: false, ct);
        var (run, changedPageBytes) = await RunAsync(ct);
        _taken.Add(new StoredSnapshot(run, TotalBytes - before, changedPageBytes));
    }

    protected abstract Task<(Sample Run, long ChangedPageBytes)> RunAsync(CancellationToken ct);
}
