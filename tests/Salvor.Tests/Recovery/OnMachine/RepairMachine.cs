using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Readiness.Protect.Machine;
using Salvor.Tests.Support;

namespace Salvor.Tests.Recovery.OnMachine;

/// <summary>
/// A machine's root directory in a temporary one, whose clock stands still, and whose files are as old as one says.
/// </summary>
internal sealed class RepairMachine : IDisposable
{
    private readonly TempDirectory _directory = new();

    public RepairMachine()
    {
        Files = new NodeFiles(new LinuxFileSystem(), Root);
        RunProcess(1, "systemd");
    }

    public SimulatedTime Time { get; } = new();

    public NodeFiles Files { get; }

    public string Root => _directory["root"];

    /// <summary>The same machine through another file system.</summary>
    public NodeFiles Through(IFileSystem files) => new(files, Root);

    public void Dispose() => _directory.Dispose();

    public string PathOf(string path) => Root + path;

    public bool Has(string path) => File.Exists(PathOf(path));

    public string Read(string path) => File.ReadAllText(PathOf(path));

    /// <summary>Writes a file as somebody else would, some time ago.</summary>
    public void Write(string path, string text, TimeSpan age)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
        SetAge(path, age);
    }

    /// <summary>Deletes a file as somebody else would.</summary>
    public void Delete(string path) => File.Delete(PathOf(path));

    /// <summary>As if a file or directory was changed so long ago, by the machine's clock.</summary>
    public void SetAge(string path, TimeSpan age)
    {
        var at = Time.GetUtcNow().UtcDateTime - age;
        if (Directory.Exists(PathOf(path)))
        {
            Directory.SetLastWriteTimeUtc(PathOf(path), at);
        }
        else
        {
            File.SetLastWriteTimeUtc(PathOf(path), at);
        }
    }

    /// <summary>The names in a directory, hidden ones included.</summary>
    public IReadOnlyList<string> Names(string directory) => Directory.Exists(PathOf(directory))
        ? [.. Directory.EnumerateFileSystemEntries(PathOf(directory)).Select(p => Path.GetFileName(p)!).Order()]
        : [];

    /// <summary>The texts of all files below a directory.</summary>
    public IReadOnlyList<string> Texts(string directory) => Directory.Exists(PathOf(directory))
        ? [.. Directory.EnumerateFiles(PathOf(directory), "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllText)]
        : [];

    public void RunProcess(int id, string name, params ReadOnlySpan<char> threadStates)
    {
        Write($"/proc/{id}/comm", name + "\n", TimeSpan.Zero);
        for (var i = 0; i < threadStates.Length; i++)
        {
            Write($"/proc/{id}/task/{id + i}/stat", $"{id + i} ({name} a) b) {threadStates[i]} 1 2", TimeSpan.Zero);
        }
    }

    public void EndProcess(int id) => Directory.Delete(PathOf($"/proc/{id}"), recursive: true);
}
