namespace Salvor.IntegrationTests.Support;

/// <summary>A small file system of its own, mounted for one test.</summary>
public sealed class TmpfsMount : IAsyncDisposable
{
    private TmpfsMount(string path) => FullName = path;

    public string FullName { get; }

    /// <summary>Makes the directory and mounts there, with tmpfs's options such as "size=1m".</summary>
    public static async Task<TmpfsMount> MakeAsync(string path, string options)
    {
        Directory.CreateDirectory(path);
        (await ToolProcess.RunAsync("mount", ["-t", "tmpfs", "-o", options, "salvor-test", path])).ShouldExitWith(0);
        return new TmpfsMount(path);
    }

    public Task MakeReadOnlyAsync() => ToolProcess.RunAsync("mount", ["-o", "remount,ro", FullName]);

    public Task MakeWritableAsync() => ToolProcess.RunAsync("mount", ["-o", "remount,rw", FullName]);

    public async ValueTask DisposeAsync() => await ToolProcess.RunAsync("umount", [FullName]);
}
