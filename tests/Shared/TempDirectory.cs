namespace Salvor.Tests.Shared;

/// <summary>A directory of one test's own, deleted at the end; SALVOR_KEEP_TEMP=1 keeps it for a look.</summary>
public sealed class TempDirectory : IDisposable
{
    public TempDirectory()
    {
        FullName = Directory.CreateTempSubdirectory("salvor-test-").FullName;
    }

    public string FullName { get; }

    /// <summary>A path inside, whether or not anything is there.</summary>
    public string this[params ReadOnlySpan<string> parts] => Path.Combine([FullName, .. parts]);

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("SALVOR_KEEP_TEMP") == "1" || !Directory.Exists(FullName))
        {
            return;
        }

        Directory.Delete(FullName, recursive: true);
    }
}
