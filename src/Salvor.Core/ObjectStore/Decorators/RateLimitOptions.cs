namespace Salvor.ObjectStore.Decorators;

/// <summary>How much of the line a store may take.</summary>
public sealed record RateLimitOptions
{
    private const long BytesPerSecondLeast = 1024;

    /// <summary>The mean rate of puts; null for no limit.</summary>
    public long? UploadBytesPerSecondMax { get; init; }

    /// <summary>The mean rate of gets; null for no limit.</summary>
    public long? DownloadBytesPerSecondMax { get; init; }

    /// <summary>Everything that is wrong with these options; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (UploadBytesPerSecondMax < BytesPerSecondLeast)
        {
            faults.Add($"uploadBytesPerSecondMax: {UploadBytesPerSecondMax} is less than {BytesPerSecondLeast}.");
        }

        if (DownloadBytesPerSecondMax < BytesPerSecondLeast)
        {
            faults.Add($"downloadBytesPerSecondMax: {DownloadBytesPerSecondMax} is less than {BytesPerSecondLeast}.");
        }

        return faults;
    }
}
