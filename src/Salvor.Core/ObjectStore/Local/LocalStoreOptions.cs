namespace Salvor.ObjectStore.Local;

/// <summary>How a directory is used as a store.</summary>
public sealed record LocalStoreOptions
{
    /// <summary>The directory. It must exist, so that a disk that is not mounted is noticed.</summary>
    public required string Directory { get; init; }

    /// <summary>How long a conditional put waits for the lock that another one holds.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Everything that is wrong with these options; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(Directory))
        {
            faults.Add("directory: is empty.");
        }

        if (LockTimeout <= TimeSpan.Zero || LockTimeout > TimeSpan.FromMinutes(5))
        {
            faults.Add($"lockTimeout: {LockTimeout} is outside 0..5 minutes.");
        }

        return faults;
    }
}
