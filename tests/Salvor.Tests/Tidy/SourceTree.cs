using System.Diagnostics;
using System.Text;

namespace Salvor.Tests.Tidy;

/// <summary>The text files of the checkout.</summary>
public static class SourceTree
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> AllFiles = new(Read);

    public static IReadOnlyList<SourceFile> Files => AllFiles.Value;

    public static IEnumerable<SourceFile> Code => Files.Where(file => file.IsCode);

    private static List<SourceFile> Read()
    {
        var files = new List<SourceFile>();
        foreach (var path in List())
        {
            var full = Path.Combine(RepositoryRoot.FullName, path);
            if (!File.Exists(full))
            {
                continue; // Deleted, and not yet committed so.
            }

            var bytes = File.ReadAllBytes(full);
            if (!bytes.Contains((byte)0))
            {
                files.Add(new SourceFile(path, Encoding.UTF8.GetString(bytes)));
            }
        }

        Assert.NotEmpty(files);
        return files;
    }

    private static string[] List()
    {
        // A checkout may belong to another user than the one who tests it.
        var start = new ProcessStartInfo(
            "git", ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = RepositoryRoot.FullName,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, "git could not list the files of this checkout.");
        return output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }
}
