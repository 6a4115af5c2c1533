namespace Salvor.IntegrationTests.Support;

/// <summary>Copies a directory with all below it.</summary>
public static class DirectoryCopy
{
    public static void Make(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var directory in Directory.EnumerateDirectories(from))
        {
            Make(directory, Path.Combine(to, Path.GetFileName(directory)));
        }
    }
}
