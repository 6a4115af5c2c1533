namespace Salvor.Tests.Shared;

/// <summary>The checkout that the tests were built from.</summary>
public static class RepositoryRoot
{
    public static string FullName { get; } = Find();

    private static string Find()
    {
        var start = AppContext.BaseDirectory;
        for (var directory = start; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "Salvor.slnx")))
            {
                return directory;
            }
        }

        throw new InvalidOperationException($"No directory above {AppContext.BaseDirectory} has a Salvor.slnx.");
    }
}
