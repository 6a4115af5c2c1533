namespace Salvor.Lab.Host;

/// <summary>Loop devices, by the files behind them.</summary>
public static class LoopDevices
{
    /// <summary>The devices whose file lies in a directory.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(string directory, CancellationToken cancel) =>
        [.. (await ListAsync(cancel).ConfigureAwait(false))
            .Where(loop => loop.File.StartsWith(directory + "/", StringComparison.Ordinal))
            .Select(loop => loop.Device)];

    /// <summary>The device of a file, or null.</summary>
    public static async Task<string?> OfFileAsync(string file, CancellationToken cancel) =>
        (await ListAsync(cancel).ConfigureAwait(false)).FirstOrDefault(loop => loop.File == file).Device;

    private static async Task<List<(string Device, string File)>> ListAsync(CancellationToken cancel)
    {
        var listed = await Tool.RunAsync(
            cancel, "losetup", "--list", "--noheadings", "--raw", "--output", "NAME,BACK-FILE").ConfigureAwait(false);
        return
        [
            .. listed.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ', 2))
                .Where(parts => parts.Length == 2)
                .Select(parts => (parts[0], parts[1])),
        ];
    }
}
