namespace Salvor.Lab.Host;

/// <summary>The mounts of this machine.</summary>
public static class Mounts
{
    /// <summary>Mount points at or below a directory, the latest first.</summary>
    public static IReadOnlyList<string> Below(string directory) =>
        [.. File.ReadLines("/proc/self/mountinfo")
            .Select(line => line.Split(' ')[4].Replace("\\040", " ", StringComparison.Ordinal))
            .Where(point => point == directory || point.StartsWith(directory + "/", StringComparison.Ordinal))
            .Reverse()];

    /// <summary>Takes every mount at or below a directory away.</summary>
    public static async Task RemoveAsync(string directory, CancellationToken cancel)
    {
        foreach (var point in Below(directory))
        {
            await Tool.RunAsync(cancel, "umount", "--lazy", point).ConfigureAwait(false);
        }
    }
}
